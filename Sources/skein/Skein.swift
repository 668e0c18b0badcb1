import ArgumentParser
import Foundation
import SkeinConfig
import SkeinData
import SkeinTraining

/// The command line: parses, calls, prints.
@main
struct SkeinCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "skein",
    abstract:
      "Train feed-forward networks on many cores, with the same bits on any number of them.",
    discussion: """
      Example:
        skein train Configs/digits.yaml --run Runs/first
        skein evaluate Runs/first
      """,
    subcommands: [
      TrainCommand.self, EvaluateCommand.self, PredictCommand.self, CheckCommand.self,
      VerifyJobCommand.self, BenchCommand.self, ReportCommand.self, PlotCommand.self,
      DataCommand.self,
    ])

  static func main() {
    StandardDescriptors.fill()
    if Interruption.isWanted(by: CommandLine.arguments) { Interruption.install() }
    Interruption.unblock()
    // A closed pipe or a file-size limit is an error of one write, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    do {
      try ArgumentBytes.check()
      var command = try parseAsRoot()
      try command.run()
      try TextStream.output.check()
    } catch {
      finish(error)
    }
  }

  /// Prints `error` and ends the process with its exit code.
  private static func finish(_ error: any Error) -> Never {
    if let code = status(of: error) {
      TextStream.errors.write("skein: \(error)\n")
      Foundation.exit(code)
    }
    let code = exitCode(for: error)
    // Arguments are anybody's text: line by line, without escape sequences.
    let text = fullMessage(for: error).split(separator: "\n", omittingEmptySubsequences: false)
      .map { code.isSuccess ? String($0) : String($0).printable(limit: 2000) }
      .joined(separator: "\n")
    if !text.isEmpty {
      (code.isSuccess ? TextStream.output : TextStream.errors).write(text + "\n")
    }
    Foundation.exit(code.isSuccess ? 0 : code.rawValue == 1 ? 1 : 2)
  }

  /// The exit code of one of Skein's own errors; nil for the argument parser's.
  private static func status(of error: any Error) -> Int32? {
    switch error {
    case is DifferentBits: 1
    case is JobErrors, is JobLimitError, is UsageError, is UnsafeLibraryError: 2
    case is DataError: 3
    case is FileSystemError: 4
    case is NonFiniteError, is UnpredictableRows: NonFiniteError.exitCode
    case is CheckpointError: CheckpointError.exitCode
    case is ChangedRunError: ChangedRunError.exitCode
    case is WorkerError: WorkerError.exitCode
    case is WorkerStartError: WorkerStartError.exitCode
    case is RunInUseError: RunInUseError.exitCode
    case let error as RunFolderError: error.exitCode
    case let error as Interrupted: error.exitCode
    default: nil
    }
  }
}
