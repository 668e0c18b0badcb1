extension Job {
  /// The whole job as a job file, every key in its place, that `load` reads back as an equal job.
  ///
  /// The checkpoint intervals that are nil are left out.
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

  /// Every key with its values, its default and its meaning, for help pages.
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
