/// The files that a split came from, as they were when it was loaded.
struct SplitOrigin: Sendable {
  let folder: String
  /// Shard files by their names in the manifest.
  var stamps: [(name: String, stamp: FileStamp)]

  /// - Throws: `DataError` with every file that is gone or is another one now.
  func check() throws {
    var faults: [DataFault] = []
    let opened = try Folder(path: folder)
    for (name, stamp) in stamps {
      do {
        let file = try opened.openFile(name)
        guard file.stamp != stamp else { continue }
        faults.append(
          DataFault(
            file.name, expected: "the file that was loaded at the start",
            found: "changed since start",
            advice: "let datasets rest while a run uses them; start the run again"))
      } catch let error as DataError {
        faults += error.faults.map { fault in
          var changed = fault
          changed.found = "changed since start: \(fault.found)"
          return changed
        }
      }
    }
    if !faults.isEmpty { throw DataError(faults) }
  }
}
