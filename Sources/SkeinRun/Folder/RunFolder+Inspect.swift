import SkeinFiles

/// Whose a folder is: a run writes into its own, or into an empty one, and nowhere else.
extension RunFolder {
  /// Looks at the folder before anything in it is made, opened for writing, or removed.
  ///
  /// Without a `job.yaml` the folder must be empty, but for what a start that was killed leaves:
  /// the lock, empty folders, temporary files. With one, other people's files beside the run's are
  /// left alone. What a run writes to is never a symbolic link: a folder that was copied from
  /// somewhere may hold links to anywhere. The folder itself may be one, since the user named it.
  /// - Throws: `RunFolderError`, `FileSystemError`.
  public func inspect() throws {
    guard let names = try FolderListing.names(in: path) else { return }
    func kind(_ name: String) -> FolderListing.Kind? { FolderListing.kind(of: path + "/" + name) }
    for name in names {
      guard let expected = Self.kind(ofOwn: name), let found = kind(name) else { continue }
      try check("\(path)/\(name)", expected, found)
      if expected == .folder { try checkFolder(name) }
    }
    guard kind("lock") == nil || RunLock.isLock(lockFile) else {
      throw RunFolderError.foreign(
        path, found: "another program's file lock", advice: "choose another folder with --run")
    }
    guard !names.contains("job.yaml") else {
      guard names.contains(where: Self.marks.contains) else {
        throw RunFolderError.foreign(
          path, found: "a job.yaml, and no run of it",
          advice: "name that file as the job, and another folder with --run")
      }
      return
    }
    guard let other = try names.first(where: { try !isLeftover($0) }) else { return }
    if let trace = trace(of: names) {
      throw RunFolderError.foreign(
        path, found: "\(trace) of a run, and no job.yaml",
        advice: "put the run's job.yaml back, from a copy or as its report.html shows it, or "
          + "choose another folder with --run")
    }
    throw RunFolderError.foreign(
      path, found: other.printable(limit: 100) + Self.more(names.count - 1),
      advice: "choose another folder with --run")
  }

  /// Looks at the run's own file `name` alone, for whoever writes no other.
  ///
  /// - Throws: `RunFolderError`.
  public func inspect(_ name: String) throws {
    let file = path + "/" + name
    guard let expected = Self.kind(ofOwn: name), let found = FolderListing.kind(of: file) else {
      return
    }
    try check(file, expected, found)
  }

  /// What a run has from its start on, besides its job.
  private static let marks: Set<String> = ["lock", "checkpoints", "data.json"]

  private static func more(_ count: Int) -> String {
    count == 0 ? "" : " and \(count) more"
  }

  /// What the run's own file of this name in its folder is; nil for any other name.
  private static func kind(ofOwn name: String) -> FolderListing.Kind? {
    switch name {
    case "job.yaml", "data.json", "metrics.jsonl", "lock", "report.html": .file
    case "checkpoints", "history": .folder
    default: isEvents(name) ? .file : nil
    }
  }

  /// Whether `name` is that of an event file of a run; other programs' names end otherwise.
  package static func isEvents(_ name: String) -> Bool {
    name.wholeMatch(of: /events\.out\.tfevents\.[0-9]+\.skein/) != nil
  }

  private func check(
    _ path: String, _ expected: FolderListing.Kind, _ found: FolderListing.Kind
  ) throws {
    guard found != expected else { return }
    throw RunFolderError.irregular(
      path, expected: expected.description, found: found.description)
  }

  /// Checks what the run would replace or remove in a folder of its own.
  private func checkFolder(_ folder: String) throws {
    for name in try FolderListing.names(in: path + "/" + folder) ?? []
    where Self.isOwn(name, in: folder) {
      let file = "\(path)/\(folder)/\(name)"
      if let found = FolderListing.kind(of: file) { try check(file, .file, found) }
    }
  }

  /// Whether a run writes files of this name into its folder `folder`.
  static func isOwn(_ name: String, in folder: String) -> Bool {
    switch folder {
    case "checkpoints":
      name.wholeMatch(of: /(last|best|step-[0-9]{12,})\.safetensors/) != nil
    case "history": name.wholeMatch(of: /(run|epoch-[0-9]{9,})\.safetensors/) != nil
    default: kind(ofOwn: name) == .file
    }
  }

  /// Whether `name` is a temporary file of the run in its folder `folder`.
  static func isTemporary(_ name: String, in folder: String) -> Bool {
    AtomicFile.target(ofTemporary: name).map { isOwn($0, in: folder) } ?? false
  }

  /// Whether a start that was killed may have left `name`, with nothing of anybody's in it.
  private func isLeftover(_ name: String) throws -> Bool {
    switch name {
    case "lock": true
    case "checkpoints", "history":
      try FolderListing.names(in: path + "/" + name)?
        .allSatisfy { Self.isTemporary($0, in: name) } ?? true
    default: Self.isTemporary(name, in: "")
    }
  }

  /// What shows that a run was here, in words; nil where nothing does.
  private func trace(of names: [String]) -> String? {
    if numberedCheckpoints().contains(where: { CheckpointLabel(checkpoints + "/" + $0) != nil })
      || [last, best].contains(where: { CheckpointLabel($0) != nil })
    {
      return "checkpoints"
    }
    if names.contains("data.json"), (try? data()) ?? nil != nil { return "data.json" }
    let epoch = try? bestEpoch(by: .trainLoss)
    return epoch ?? nil == nil ? nil : "metrics.jsonl"
  }
}
