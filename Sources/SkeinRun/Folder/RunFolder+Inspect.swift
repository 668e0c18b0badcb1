import SkeinFiles

/// Checks that a folder belongs to the run. A run writes only into its own folder or an empty one.
extension RunFolder {
  /// Checks the folder, before anything in it is made, opened for writing, or removed.
  ///
  /// Without a `job.yaml` the folder must be empty, except for what a killed start may have left:
  /// the lock, empty folders, temporary files. With a `job.yaml` it may hold other people's files
  /// beside the run's. They are left alone.
  ///
  /// A run never writes to a symbolic link in its folder: a folder that was copied from somewhere
  /// may hold links to anywhere. The folder itself may be a symbolic link, since the user named it.
  ///
  /// - Throws: `RunFolderError` for a folder that the run must not use, `FileSystemError` where it
  ///   cannot be read.
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

  /// Checks the run's own file `name` only, for a caller that writes no other file.
  ///
  /// - Throws: `RunFolderError` where something else is in its place.
  public func inspect(_ name: String) throws {
    let file = path + "/" + name
    guard let expected = Self.kind(ofOwn: name), let found = FolderListing.kind(of: file) else {
      return
    }
    try check(file, expected, found)
  }

  /// What every run has from its start on, besides its job.
  private static let marks: Set<String> = ["lock", "checkpoints", "data.json"]

  private static func more(_ count: Int) -> String {
    count == 0 ? "" : " and \(count) more"
  }

  /// What the run's own file or folder of this name must be; nil for any other name.
  private static func kind(ofOwn name: String) -> FolderListing.Kind? {
    switch name {
    case "job.yaml", "data.json", "metrics.jsonl", "lock", "report.html": .file
    case "checkpoints", "history": .folder
    default: isEvents(name) ? .file : nil
    }
  }

  /// Whether `name` is that of a run's event file. The names of other programs' event files end
  /// differently.
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

  /// Checks the files that the run would replace or remove in its own folder `folder`.
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

  /// Whether `name` may be left from a start that was killed, and holds nothing of value.
  private func isLeftover(_ name: String) throws -> Bool {
    switch name {
    case "lock": true
    case "checkpoints", "history":
      try FolderListing.names(in: path + "/" + name)?
        .allSatisfy { Self.isTemporary($0, in: name) } ?? true
    default: Self.isTemporary(name, in: "")
    }
  }

  /// What shows that a run used this folder, in words; nil where nothing does.
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
