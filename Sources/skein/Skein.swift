import ArgumentParser
import Foundation
import SkeinFiles

/// The command line: it parses arguments, calls the library, and prints results.
@main
struct SkeinCommand: ParsableCommand {
  /// What `skein --version` prints.
  static let version = "2.0.0"

  static let configuration = CommandConfiguration(
    commandName: "skein",
    abstract:
      "Train feed-forward networks on many cores, by default with the same bits on any number.",
    discussion: """
      Example:
        skein train Configs/digits.yaml --run Runs/first
        skein evaluate Runs/first

      Keys of a job file:
        skein help job

      Completion of commands, options and keys with the tab key, in bash (or zsh, fish):
        source <(skein --generate-completion-script bash)
      """,
    version: Self.version,
    subcommands: [
      TrainCommand.self, EvaluateCommand.self, PredictCommand.self, CheckCommand.self,
      VerifyJobCommand.self, BenchCommand.self, FindRateCommand.self, ReportCommand.self,
      PlotCommand.self, DataCommand.self, JobCommand.self,
    ])

  static func main() {
    StandardDescriptors.fill()
    if Interruption.isWanted(by: ArgumentBytes.all) { Interruption.install() }
    Interruption.unblock()
    // A closed pipe or a limit of the file size makes a write fail. It must not end the process.
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
    if let error = error as? any ExitCoded {
      complain("\(error)")
      Foundation.exit(error.exitCode)
    }
    let code = exitCode(for: error)
    // The parser breaks help at the width of its lines. So it is asked for long lines, and
    // `wrapped` breaks them with the right indentation.
    let text = fullMessage(for: error, columns: 10_000)
    guard !code.isSuccess else {
      TextStream.output.write(
        (isForPrograms
          ? CompletionScript.extended(text) : text.wrapped(to: Terminal.columns, isProse: true))
          + "\n")
      do { try TextStream.output.check() } catch { finish(error, arguments) }
      Foundation.exit(0)
    }
    let argument = text.firstMatch(of: /(?m)^Help: +(.*)$/)?.1 ?? ""
    let message = message(for: error)
    complain(arguments?.message(message, argument: String(argument)) ?? message)
    Foundation.exit(code.rawValue == 1 ? 1 : 2)
  }

  /// Whether a program reads the output: a completion script, completions of a word, or the help as
  /// data.
  private static var isForPrograms: Bool {
    ArgumentBytes.all.dropFirst().contains { word in
      ["--generate-completion-script", "---completion", "--experimental-dump-help"]
        .contains { word.hasPrefix($0) }
    }
  }
}
