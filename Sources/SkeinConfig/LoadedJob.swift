/// A job, and where each of its values comes from.
public struct LoadedJob: Sendable, Equatable {
  /// Where a value comes from.
  public enum Origin: Sendable, Hashable {
    /// The key's default: nobody set the value.
    case `default`
    /// The job file, with the line, from 1 on.
    case file(line: Int)
    /// A setting, such as "optimizer.learningRate=0.01".
    case setting(String)
  }

  /// A key with its value and where the value comes from.
  public struct Entry: Sendable, Hashable {
    /// The path of the key, such as "optimizer.learningRate".
    public let key: String
    /// The value as YAML.
    public let value: String
    /// Where the value comes from.
    public let origin: Origin
  }

  /// The job with all of its values.
  public let job: Job
  /// The origin of every key, by the key's path.
  public let origins: [String: Origin]
  /// The path of the job file.
  public let path: String

  /// All keys that have a value, in the order in which job files are written.
  public var listing: [Entry] { listing(of: job) }

  /// The same with the values of `job`: this one, with what it leaves to its dataset decided.
  public func listing(of job: Job) -> [Entry] {
    JobKey.all.compactMap { key in
      key.write(job).map {
        Entry(key: key.path, value: $0, origin: origins[key.path] ?? .default)
      }
    }
  }
}
