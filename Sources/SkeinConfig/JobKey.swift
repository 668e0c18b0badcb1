import SkeinTraining

extension Job {
  /// The paths of all keys of a job file, such as "optimizer.learningRate".
  public static var keys: [String] { JobKey.all.map(\.path) }
}

/// One key of the job file.
///
/// The table `all` is the one place that knows the name of a key, its values and its meaning.
/// Reading, writing, messages and help all follow it.
struct JobKey: Sendable {
  /// The section and the key, such as "optimizer.learningRate". "seed" has no section.
  let path: String
  /// What the key does, in one line.
  let summary: String
  /// The allowed values, such as "a number ≥ 0".
  let expects: String
  /// Whether a job without the key is an error.
  let isRequired: Bool
  /// Whether a run can go on with another value of the key, because no bit and no checkpoint
  /// depends on it.
  ///
  /// Such keys say how many threads work, where the dataset lies, and what is recorded for reports.
  /// Another dataset in the same place is noticed, because a dataset has an identity of its own.
  let isFree: Bool
  /// What every run was begun with before there was the key, as YAML, or "none": a job with this
  /// value depends on what it depended on then. Nil for a key that was there from the beginning.
  let before: String?
  /// When the key means something; nil for always. Else it is not written, and setting it is an
  /// error.
  let condition: Condition?
  /// Reads a value into a job.
  let read: @Sendable (YamlNode, inout Job) throws(Mismatch) -> Void
  /// The value in a job, as YAML; nil where the job has none and leaves out the key.
  let write: @Sendable (Job) -> String?

  /// What another key must be for a key to mean something.
  struct Condition: Sendable {
    /// Whether a job has it.
    let holds: @Sendable (Job) -> Bool
    /// In words, as "optimizer.kind sgd".
    let text: String

    /// One of several kinds of optimizer.
    static func optimizer(_ kinds: OptimizerOptions.Kind...) -> Condition {
      Condition(
        holds: { kinds.contains($0.optimizer.kind) },
        text: "optimizer.kind " + kinds.map(\.rawValue).joined(separator: " or "))
    }

    /// One of several kinds of schedule.
    static func schedule(_ kinds: ScheduleOptions.Kind...) -> Condition {
      Condition(
        holds: { kinds.contains($0.schedule.kind) },
        text: "schedule.kind " + kinds.map(\.rawValue).joined(separator: " or "))
    }
  }

  init<Value>(
    _ path: String, _ property: any WritableKeyPath<Job, Value> & Sendable,
    _ format: ValueFormat<Value>, isRequired: Bool = false, isFree: Bool = false,
    before: String? = nil, only condition: Condition? = nil, _ summary: String
  ) {
    self.path = path
    self.summary = summary
    self.expects = format.expects
    self.isRequired = isRequired
    self.isFree = isFree
    self.before = before
    self.condition = condition
    read = { node, job throws(Mismatch) in job[keyPath: property] = try format.read(node) }
    write = { job in
      condition.map { $0.holds(job) } ?? true ? format.write(job[keyPath: property]) : nil
    }
  }

  /// The section, or "" for a key without one.
  var section: String { path.contains(".") ? String(path.prefix { $0 != "." }) : "" }

  /// The key within its section.
  var name: String { path.contains(".") ? String(path.drop { $0 != "." }.dropFirst()) : path }

  /// The sections in their order, with "" for the keys that have none.
  static let sections: [String] = all.reduce(into: []) { sections, key in
    if !sections.contains(key.section) { sections.append(key.section) }
  }

  /// The names of the keys of a section. For "" the names of the sections follow.
  static func names(in section: String) -> [String] {
    all.filter { $0.section == section }.map(\.name)
      + (section.isEmpty ? sections.filter { !$0.isEmpty } : [])
  }
}
