import SkeinFiles

/// A folder that a run cannot use, because of what lies in it. Nothing in it was opened for
/// writing.
public struct RunFolderError: Error, Sendable, Equatable, CustomStringConvertible {
  /// 2 for a folder without a run, or with other files than a run's, 4 for a file of the run that
  /// is no file.
  public let exitCode: Int32
  /// Where, what was expected, what was found, what to do.
  public let description: String

  /// A folder that was not made by this program.
  static func foreign(_ folder: String, found: String, advice: String) -> RunFolderError {
    RunFolderError(
      exitCode: 2,
      description: "\(folder.printable(limit: 1000)): expected a run's folder or an empty one, "
        + "found \(found); \(advice)")
  }

  /// A folder in which a run was expected.
  static func noRun(_ folder: String) -> RunFolderError {
    RunFolderError(
      exitCode: 2, description: "\(folder.printable()) holds no run: no job.yaml in it")
  }

  /// A folder that a run would have been begun in.
  static func taken(_ folder: String) -> RunFolderError {
    RunFolderError(
      exitCode: 2,
      description: "\(folder.printable()) holds a run already: add --resume to go on with it, "
        + "or choose another folder with --run")
  }

  /// A run that recorded nothing to draw pictures from.
  static func noHistory(_ folder: String) -> RunFolderError {
    RunFolderError(
      exitCode: 2,
      description: "\(folder.printable()) has no history to draw: train with "
        + "--set report.history=true")
  }

  /// Something else in the place of one of the run's own files or folders.
  static func irregular(_ path: String, expected: String, found: String) -> RunFolderError {
    RunFolderError(
      exitCode: 4,
      description: "\(path.printable(limit: 1000)): expected \(expected) of the run, "
        + "found \(found); put the real thing there, or choose another folder with --run")
  }
}
