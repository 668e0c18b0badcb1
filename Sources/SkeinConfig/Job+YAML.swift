extension Job {
  /// The whole job as the text of a job file, which `load` reads back as an equal job.
  ///
  /// Every key is there, except those without a value, such as a checkpoint interval that is nil.
  public var yaml: String {
    var lines: [String] = []
    var isWritten: Set<String> = []
    for key in JobKey.all {
      if key.section.isEmpty {
        if let value = key.write(self) { lines.append("\(key.name): \(value)") }
      } else if isWritten.insert(key.section).inserted {
        let keys = JobKey.all.filter { $0.section == key.section }
        let pairs = keys.compactMap { key in key.write(self).map { "\(key.name): \($0)" } }
        lines.append("\(key.section): {\(pairs.joined(separator: ", "))}")
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// A text for help pages: every key with its meaning, its allowed values and its default.
  public static let help: String = {
    let defaults = Job.defaults(name: "")
    return JobKey.all.map { key in
      let standard =
        key.isRequired
        ? "required"
        : key.path == "name"
          ? "default: the job file's name" : key.write(defaults).map { "default: \($0)" }
      return "\(key.path)\n    \(key.summary)\n    \(key.expects)"
        + (standard.map { "; \($0)" } ?? "") + "\n"
    }.joined()
  }()
}
