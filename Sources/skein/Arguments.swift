import ArgumentParser
import Foundation
import SkeinConfig
import SkeinFiles

/// The words behind `skein`, looked at before the argument parser does: it does not know what a
/// mistyped command may have meant, and its messages look unlike the others.
struct Arguments {
  /// With `~` as the home folder.
  let words: [String]
  /// The command that they name, as ["skein", "data", "show"].
  private(set) var names = ["skein"]
  private let root: any ParsableCommand.Type
  private var command: any ParsableCommand.Type

  /// - Parameters:
  ///   - words: without the program's name.
  ///   - root: the command that has all others.
  /// - Throws: `UsageError` for a command that there is not, and for an option that begins with a
  ///   dash of another kind.
  init(_ words: [String], of root: any ParsableCommand.Type) throws {
    self.words = words.map(Self.expandingHome)
    (self.root, command) = (root, root)
    try findCommand()
    try checkDashes()
    try checkOptions()
  }

  /// Where the command's options are told.
  var help: String { "see \(names.joined(separator: " ")) --help" }

  private mutating func findCommand() throws {
    for word in words {
      let commands = command.configuration.subcommands
      if commands.isEmpty || word.hasPrefix("-") { return }
      if word == "help", names.count == 1 { continue }
      guard let found = commands.first(where: { Self.name($0) == word }) else {
        throw UsageError(description: unknown(word, among: commands))
      }
      command = found
      names.append(word)
    }
  }

  private func unknown(_ word: String, among commands: [any ParsableCommand.Type]) -> String {
    let here = commands.map { Self.name($0) }
    let named = Array(names.dropFirst())
    func text(_ path: [String]) -> String { path.joined(separator: " ") }
    if word == "version" { return "unknown command 'version'; did you mean skein --version?" }
    let found = "unknown command '\(text(named + [word.printable(limit: 80)]))'; "
    let elsewhere = Self.commands(under: root, [])
    if let path = elsewhere.first(where: { $0.last == word }) {
      return found + "did you mean \(text(path))?"
    }
    if let near = Spelling.nearest(to: word, among: here) {
      return found + "did you mean \(text(named + [near]))?"
    }
    return found + "the commands are \(here.joined(separator: ", ")); \(help)"
  }

  private static func name(_ command: any ParsableCommand.Type) -> String {
    command.configuration.commandName ?? ""
  }

  /// The names of all commands, each as ["skein", "data", "show"].
  private static func commands(
    under command: any ParsableCommand.Type, _ names: [String]
  ) -> [[String]] {
    var found: [[String]] = []
    for sub in command.configuration.subcommands {
      let path = names + [name(sub)]
      found.append(path)
      found += commands(under: sub, path)
    }
    return found
  }

  /// Text that came through a word processor has long dashes: `—threads`.
  private func checkDashes() throws {
    for word in words {
      guard let first = word.unicodeScalars.first, Lookalike(first)?.meant == "-" else { continue }
      let name = word.drop { $0 == "-" || Lookalike($0.unicodeScalars.first)?.meant == "-" }
      let option = "--" + name.prefix { $0 != "=" }
      guard options.contains(option), let dash = Lookalike(first) else { continue }
      throw UsageError(
        description: "'\(word.printable(limit: 80))' begins with \(dash.name): write \(option)")
    }
  }

  /// A mistyped option is the mistake, and not the argument or value that the parser misses then.
  private func checkOptions() throws {
    let typed = words.prefix { $0 != "--" }.filter { $0.hasPrefix("--") && !$0.hasPrefix("---") }
    guard !typed.isEmpty else { return }
    let known = options + Self.unlisted
    for word in typed {
      let name = String(word.prefix { $0 != "=" })
      guard !known.contains(name) else { continue }
      throw UsageError(description: message("Unknown option '\(name.printable())'", argument: ""))
    }
  }

  /// Options of the argument parser that no help page lists.
  private static let unlisted = [
    "--generate-completion-script", "--experimental-dump-help", "--help-hidden", "--help",
    "--version",
  ]

  /// The command's options, as "--threads".
  private var options: [String] {
    let help = root.helpMessage(for: command, columns: 1000)
    return help.matches(of: /--[a-z][a-z-]*/).map { String($0.output) }
  }

  /// What to tell about the argument parser's `message`.
  ///
  /// - Parameter argument: the help of the argument that is meant, as "<job>  The job file."; empty
  ///   where none is.
  func message(_ message: String, argument: String) -> String {
    // Line by line, without escape sequences: arguments are anybody's text.
    let lines = message.split(separator: "\n").map { String($0).printable(limit: 2000) }
    var text = lines.first ?? ""
    if let value = text.firstMatch(of: /^The value '(.*)' is invalid.*following:$/)?.1 {
      let names = lines.dropFirst().map { String($0.drop { " -".contains($0) }) }
      text = choice(String(value), among: names)
    } else if let option = text.firstMatch(of: /^Unknown option '(-.*?)'/)?.1 {
      let near = Spelling.nearest(to: String(option), among: options)
      text = "Unknown option '\(option)'" + (near.map { "; did you mean \($0)?" } ?? "")
    }
    if text.hasSuffix(".") { text.removeLast() }
    text += text.hasSuffix("?") ? " \(help.prefix(1).uppercased())\(help.dropFirst())" : "; \(help)"
    return text + (argument.isEmpty ? "" : "\n  \(argument.printable(limit: 2000))")
  }

  private func choice(_ value: String, among names: [String]) -> String {
    if let near = Spelling.nearest(to: value, among: names) {
      return "unknown value '\(value)'; did you mean \(near)?"
    }
    return "unknown value '\(value)'; there are \(names.joined(separator: ", "))"
  }

  /// `~/x` and `--run=~/x` with the home folder: where the word stands in quotes or behind a `=`,
  /// the shell leaves it as it is.
  private static func expandingHome(_ word: String) -> String {
    if word.hasPrefix("--"), let sign = word.firstIndex(of: "=") {
      let value = word[word.index(after: sign)...]
      return word[...sign] + HomeFolder.expanding(String(value))
    }
    return HomeFolder.expanding(word)
  }
}
