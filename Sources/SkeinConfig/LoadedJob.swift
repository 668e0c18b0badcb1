/// A job, and where each of its values comes from.
public struct LoadedJob: Sendable, Equatable {
  /// Who set a value.
  public enum Origin: Sendable, Hashable {
    /// Nobody: it is the key's default.
    case `default`
    /// A line of the job file, from 1.
    case file(line: Int)
    /// An argument, as "optimizer.learningRate=0.01".
    case setting(String)
  }

  /// A key, its value as YAML, and who set it.
  public struct Entry: Sendable, Hashable {
    public let key: String
    public let value: String
    public let origin: Origin
  }

  public let job: Job
  /// The origin of every key, by its path, as "optimizer.learningRate".
  public let origins: [String: Origin]
  /// The job file.
  public let path: String

  /// Every key that has a value, in the order of the job file.
  public var listing: [Entry] {
    JobKey.all.compactMap { key in
      key.write(job).map {
        Entry(key: key.path, value: $0, origin: origins[key.path] ?? .default)
      }
    }
  }
}
