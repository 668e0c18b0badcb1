import SkeinFiles

/// A run cannot use a folder because of what is in it. No file in it was opened for writing.
public struct RunFolderError: ExitCoded, Sendable, Equatable, CustomStringConvertible {
  /// The exit code of the command line: 4 where something else is in the place of one of the run's
  /// own files, and 2 otherwise.
  public let exitCode: Int32
  /// Where, what was expected, what was found, and what to do.
  public let description: String

  /// The folder was not made by this program.
  static func foreign(_ folder: String, found: String, advice: String) -> RunFolderError {
    RunFolderError(
      exitCode: 2,
      description: "\(folder.printable(limit: 1000)): expected a run's folder or an empty one, "
        + "found \(found); \(advice)")
  }

  /// The folder holds no run, and one was expected.
  static func noRun(_ folder: String) -> RunFolderError {
    RunFolderError(
      exitCode: 2, description: "\(folder.printable()) holds no run: no job.yaml in it")
  }

  /// The folder holds a run, and a new one was to begin.
  static func taken(_ folder: String) -> RunFolderError {
    RunFolderError(
      exitCode: 2,
      description: "\(folder.printable()) holds a run already: add --resume (in a program: "
        + "resumes: true) to go on with it, or choose another folder (--run)")
  }

  /// The run has no history, which pictures are drawn from.
  static func noHistory(_ folder: String) -> RunFolderError {
    RunFolderError(
      exitCode: 2,
      description: "\(folder.printable()) has no history to draw: train with "
        + "--set report.history=true")
  }

  /// Something else is in the place of one of the run's own files or folders.
  static func irregular(_ path: String, expected: String, found: String) -> RunFolderError {
    RunFolderError(
      exitCode: 4,
      description: "\(path.printable(limit: 1000)): expected \(expected) of the run, "
        + "found \(found); put the real thing there, or choose another folder with --run")
  }
}
