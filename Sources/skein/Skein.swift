import ArgumentParser
import Foundation
import SkeinConfig
import SkeinData
import SkeinFiles
import SkeinRun
import SkeinSafetensors
import SkeinTraining
import SkeinWorkers

/// The command line: parses, calls, prints.
@main
struct SkeinCommand: ParsableCommand {
  /// What `skein --version` prints.
  static let version = "2.0.0"

  static let configuration = CommandConfiguration(
    commandName: "skein",
    abstract:
      "Train feed-forward networks on many cores, with the same bits on any number of them.",
    discussion: """
      Example:
        skein train Configs/digits.yaml --run Runs/first
        skein evaluate Runs/first

      Completion of commands, options and keys with the tab key, in bash (or zsh, fish):
        source <(skein --generate-completion-script bash)
      """,
    version: Self.version,
    subcommands: [
      TrainCommand.self, EvaluateCommand.self, PredictCommand.self, CheckCommand.self,
      VerifyJobCommand.self, BenchCommand.self, ReportCommand.self, PlotCommand.self,
      DataCommand.self,
    ])

  static func main() {
    StandardDescriptors.fill()
    if Interruption.isWanted(by: ArgumentBytes.all) { Interruption.install() }
    Interruption.unblock()
    // A closed pipe or a file-size limit is an error of one write, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    var arguments: Arguments?
    do {
      let words = try Arguments(Array(ArgumentBytes.all.dropFirst()), of: Self.self)
      arguments = words
      var command = try parseAsRoot(words.words)
      try command.run()
      try TextStream.output.check()
    } catch {
      finish(error, arguments)
    }
  }

  /// Prints `error`, or the help that was asked for, and ends the process with its exit code.
  private static func finish(_ error: any Error, _ arguments: Arguments?) -> Never {
    if let code = status(of: error) {
      complain("\(error)")
      Foundation.exit(code)
    }
    let code = exitCode(for: error)
    // Help comes in long lines: ours break under the text that they go on with.
    let text = fullMessage(for: error, columns: 10_000)
    guard !code.isSuccess else {
      TextStream.output.write(
        (isForPrograms
          ? CompletionScript.mended(text) : text.wrapped(to: Terminal.columns, isProse: true))
          + "\n")
      do { try TextStream.output.check() } catch { finish(error, arguments) }
      Foundation.exit(0)
    }
    let argument = text.firstMatch(of: /(?m)^Help: +(.*)$/)?.1 ?? ""
    let message = message(for: error)
    complain(arguments?.message(message, argument: String(argument)) ?? message)
    Foundation.exit(code.rawValue == 1 ? 1 : 2)
  }

  /// Whether a shell reads the answer: a completion script, or what completes a word.
  private static var isForPrograms: Bool {
    ArgumentBytes.all.dropFirst().contains { word in
      ["--generate-completion-script", "---completion", "--experimental-dump-help"]
        .contains { word.hasPrefix($0) }
    }
  }

  /// The exit code of one of Skein's own errors; nil for the argument parser's.
  private static func status(of error: any Error) -> Int32? {
    switch error {
    case is DifferentBits: 1
    case is JobErrors, is JobLimitError, is UsageError, is UnsafeLibraryError: 2
    case is DataError: 3
    case is FileSystemError: 4
    case is NonFiniteError, is UnpredictableRows: NonFiniteError.exitCode
    case is FormatError: FormatError.exitCode
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
