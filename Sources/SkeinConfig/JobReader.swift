import SkeinFiles

/// Fills a job from a file and from settings, and collects everything that is wrong.
struct JobReader {
  private(set) var job: Job
  /// Where the value of each key comes from. A key that is not in it has its default.
  private(set) var origins: [String: LoadedJob.Origin] = [:]
  private(set) var errors: [JobError] = []
  /// The place of each section of the file. A missing key is reported there.
  private var sections: [String: Place] = [:]
  /// The place of each key of the file.
  private var places: [String: Place] = [:]

  init(defaults: Job) { job = defaults }

  /// Reads a whole file. `root` is nil for an empty one.
  mutating func read(_ root: YamlNode?, _ source: JobSource) {
    guard let root, !root.isNull else { return }
    guard case .mapping(let entries) = root.content else {
      errors.append(
        source.error(at: root.place, "expected keys and values, found \(root.found)"))
      return
    }
    sections[""] = root.place
    read(entries, section: "", source)
  }

  private mutating func read(_ entries: [YamlNode.Entry], section: String, _ source: JobSource) {
    var first: [String: Int] = [:]
    for entry in entries {
      guard let name = entry.key.scalar else {
        errors.append(
          source.error(at: entry.key.place, "expected a key, found \(entry.key.found)"))
        continue
      }
      let path = section.isEmpty ? name : section + "." + name
      if let line = first[name] {
        let message = "'\(path.printable(limit: 80))' is set again, after line \(line)"
        errors.append(
          source.error(at: entry.key.place, message, text: name, suggestion: "keep one of the two"))
      }
      first[name] = first[name] ?? entry.key.place.line
      if let key = JobKey.all.first(where: { $0.section == section && $0.name == name }) {
        places[key.path] = entry.key.place
        read(entry.value, key, source, origin: .file(line: entry.key.place.line))
      } else if section.isEmpty, JobKey.sections.contains(name), !name.isEmpty {
        sections[name] = entry.key.place
        readSection(name, entry.value, source)
      } else {
        let place = section.isEmpty ? "" : " in '\(section)'"
        let message = "unknown key '\(name.printable(limit: 80))'\(place)"
        let suggestion = Self.suggestion(for: name, in: section)
        errors.append(
          source.error(at: entry.key.place, message, text: name, suggestion: suggestion))
      }
    }
  }

  private mutating func readSection(_ name: String, _ value: YamlNode, _ source: JobSource) {
    // A section is empty where all of its keys are commented out.
    if value.isNull { return }
    guard case .mapping(let entries) = value.content else {
      let names = JobKey.names(in: name).joined(separator: ", ")
      let message = "\(name): expected keys and values, found \(value.found)"
      errors.append(
        source.error(
          at: value.place, message, text: value.scalar ?? "", suggestion: "its keys are \(names)"))
      return
    }
    read(entries, section: name, source)
  }

  private mutating func read(
    _ value: YamlNode, _ key: JobKey, _ source: JobSource, origin: LoadedJob.Origin
  ) {
    do {
      try key.read(value, &job)
      origins[key.path] = origin
    } catch {
      let message = "\(key.path): expected \(error.expected), found \(error.node.found)"
      errors.append(
        source.error(
          at: error.node.place, message, text: error.node.scalar ?? "", suggestion: error.advice))
    }
  }

  /// Reads one setting, `key=value`.
  mutating func read(setting: String) {
    let source = JobSource(name: "--set \(setting.printable(limit: 200))", hasLines: false)
    let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      errors.append(
        source.error("expected key=value, as --set optimizer.learningRate=0.01", text: setting))
      return
    }
    let path = String(parts[0])
    guard let key = JobKey.all.first(where: { $0.path == path }) else {
      errors.append(Self.unknown(path, source))
      return
    }
    let text = String(parts[1])
    guard text.utf8.count <= JobFile.maximumBytes else {
      errors.append(source.error("expected a value of at most \(JobFile.maximumBytes) bytes"))
      return
    }
    do {
      let null = YamlNode(place: .start, content: .scalar("", isPlain: true))
      let value = try YamlParser.parse(text, source) ?? null
      read(value, key, source, origin: .setting(setting))
    } catch {
      errors.append(error)
    }
  }

  /// Reports required keys that are missing, and sets defaults that depend on other keys.
  mutating func finish(_ source: JobSource) {
    settleSource(source)
    for key in JobKey.all where key.isRequired && origins[key.path] == nil {
      if key.path == "data.path", job.data.synthetic != nil { continue }
      // A key with a wrong value is not missing, and its error is reported already.
      guard !errors.contains(where: { $0.message.hasPrefix(key.path + ":") }) else { continue }
      let place = sections[key.section] ?? sections[""] ?? .start
      errors.append(
        source.error(
          at: place, "\(key.path) is missing: \(key.summary)",
          suggestion: "write \(key.name): and \(key.expects)"))
    }
    let intervals = ["checkpoint.everySteps", "checkpoint.everyMinutes"]
    if origins["checkpoint.everyEpochs"] == nil, intervals.contains(where: { origins[$0] != nil }) {
      job.checkpoint.everyEpochs = nil
    }
    settleDefaults()
    if errors.isEmpty { checkRules(source) }
  }

  /// Sets the defaults that depend on other keys.
  private mutating func settleDefaults() {
    forgetIdleKeys()
    let kind = job.optimizer.kind
    if origins["optimizer.learningRate"] == nil { job.optimizer.learningRate = kind.usualRate }
    if origins["optimizer.weightDecay"] == nil { job.optimizer.weightDecay = kind.usualDecay }
    if origins["checkpoint.best"] == nil, job.data.validation != nil {
      job.checkpoint.best = .validationAccuracy
    }
  }

  /// Takes keys of the file for unset that mean nothing since a setting has chosen another kind of
  /// optimizer or schedule.
  private mutating func forgetIdleKeys() {
    for key in JobKey.all {
      guard let condition = key.condition, !condition.holds(job),
        case .setting = origins["\(key.section).kind"], case .file = origins[key.path]
      else { continue }
      origins[key.path] = nil
    }
  }

  /// Reports what does not hold between keys.
  private mutating func checkRules(_ source: JobSource) {
    for fault in JobRules.faults(of: job, isSet: { origins[$0] != nil }) {
      let section = JobKey.all.first { $0.path == fault.key }?.section ?? ""
      let message = "\(fault.key): \(fault.message)"
      if case .setting(let setting) = origins[fault.key] {
        let source = JobSource(name: "--set \(setting.printable(limit: 200))", hasLines: false)
        errors.append(source.error(message, text: setting, suggestion: fault.suggestion))
      } else {
        let place = places[fault.key] ?? sections[section] ?? sections[""] ?? .start
        errors.append(source.error(at: place, message, suggestion: fault.suggestion))
      }
    }
  }

  /// Decides between `data.path` and `data.synthetic`, which exclude each other. A setting wins
  /// over the file.
  private mutating func settleSource(_ source: JobSource) {
    guard job.data.synthetic != nil, let path = origins["data.path"] else { return }
    switch (path, origins["data.synthetic"]) {
    case (.setting, .file): job.data.synthetic = nil
    case (.file, .setting): job.data.path = ""
    default:
      errors.append(
        source.error(
          at: sections["data"] ?? .start, "data.path and data.synthetic exclude each other",
          suggestion: "keep one of the two"))
    }
  }

  private static func unknown(_ path: String, _ source: JobSource) -> JobError {
    let message = "unknown key '\(path.printable(limit: 80))'"
    if let found = Lookalike.first(in: path.unicodeScalars)?.found {
      return source.error(
        message, text: path.printable(limit: 80), suggestion: "\(found.name): \(found.advice)")
    }
    let keys = JobKey.names(in: path).map { path + "." + $0 }
    let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
    let suggestion =
      !path.isEmpty && JobKey.sections.contains(path)
      ? "set one of \(keys.joined(separator: ", "))"
      : parts.count == 2 && JobKey.sections.contains(parts[0])
        ? suggestion(for: parts[1], in: parts[0])
        : JobKey.all.first { $0.name == path }.map { "did you mean '\($0.path)'?" }
          ?? Spelling.nearest(to: path, among: JobKey.all.map(\.path))
          .map { "did you mean '\($0)'?" } ?? suggestion(for: path, in: "")
    return source.error(message, text: path.printable(limit: 80), suggestion: suggestion)
  }

  /// What an unknown key may mean: a similar key of its section, a key of another section, or else
  /// the list of all keys of the section.
  static func suggestion(for name: String, in section: String) -> String {
    let names = JobKey.names(in: section)
    let elsewhere = JobKey.all.filter { $0.section != section }
    if let exact = elsewhere.first(where: { $0.name == name || $0.path == name }) {
      return exact.section.isEmpty
        ? "'\(exact.name)' belongs outside of any section"
        : "'\(exact.name)' belongs under '\(exact.section)'"
    }
    if let near = Spelling.nearest(to: name, among: names) { return "did you mean '\(near)'?" }
    if let far = Spelling.nearest(to: name, among: elsewhere.map(\.name)),
      let key = elsewhere.first(where: { $0.name == far }), !key.section.isEmpty
    {
      return "did you mean '\(far)' under '\(key.section)'?"
    }
    return "the keys are " + names.joined(separator: ", ")
  }
}
