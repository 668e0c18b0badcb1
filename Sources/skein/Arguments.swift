import ArgumentParser
import SkeinConfig
import SkeinFiles

/// The words behind `skein`, which are checked before the argument parser sees them. The parser
/// does not know what a mistyped command may mean, and its messages look different from the others.
struct Arguments {
  /// The words, with the home folder in place of `~`.
  let words: [String]
  /// The command that the words name, such as ["skein", "data", "show"].
  private(set) var names = ["skein"]
  private let root: any ParsableCommand.Type
  private var command: any ParsableCommand.Type

  /// Finds the command and checks the names of its options.
  ///
  /// - Parameters:
  ///   - words: without the program's name.
  ///   - root: the command that contains all others.
  /// - Throws: `UsageError` for an unknown command or option, and for an option that begins with
  ///   another character than `-`.
  init(_ words: [String], of root: any ParsableCommand.Type) throws {
    self.words = words.map(Self.expandingHome)
    (self.root, command) = (root, root)
    try findCommand()
    try checkDashes()
    try checkOptions()
  }

  /// A hint at the command's help page.
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
    // The command `check` is for jobs, and datasets have another one for that.
    if named == ["data"], word == "check" { return found + "did you mean data verify?" }
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

  /// The names of all commands, each such as ["data", "show"].
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

  /// Refuses options such as `—threads`. Word processors turn two hyphens into a long dash.
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

  /// Refuses unknown options. After a mistyped option, the parser would report a missing argument
  /// or value instead.
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

  /// Options of the argument parser that are on no help page.
  private static let unlisted = [
    "--generate-completion-script", "--experimental-dump-help", "--help-hidden", "--help",
    "--version",
  ]

  /// The command's options, such as "--threads".
  private var options: [String] {
    let help = root.helpMessage(for: command, columns: 1000)
    return help.matches(of: /--[a-z][a-z-]*/).map { String($0.output) }
  }

  /// The text to show for the argument parser's `message`.
  ///
  /// - Parameter argument: the help of the argument that the message is about, such as
  ///   "<job>  The job file."; empty where there is none.
  func message(_ message: String, argument: String) -> String {
    // Arguments can contain any text, so each line loses its escape sequences.
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

  /// `word` with the home folder in place of `~`, as in `~/x` and `--run=~/x`. The shell leaves `~`
  /// as it is in quotes and behind a `=`.
  private static func expandingHome(_ word: String) -> String {
    if word.hasPrefix("--"), let sign = word.firstIndex(of: "=") {
      let value = word[word.index(after: sign)...]
      return word[...sign] + HomeFolder.expanding(String(value))
    }
    return HomeFolder.expanding(word)
  }
}
