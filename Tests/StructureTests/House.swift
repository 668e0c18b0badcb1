import Foundation

/// The Swift files of `Sources`, and which of them uses what another one declares: read from names,
/// not from the compiler. A name counts where one file alone of the targets that a file imports
/// declares it outside of braces.
struct House {
  struct Room: Hashable {
    /// As "SkeinData/Source/SampleSource.swift".
    let path: String

    var target: String { String(path.prefix { $0 != "/" }) }
    /// As "SkeinData/Source".
    var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }
  }

  struct Arrow: Hashable, CustomStringConvertible {
    let user: Room
    let owner: Room
    let name: String

    var description: String { "\(user.path) → \(owner.path): \(name)" }
  }

  let arrows: [Arrow]
  let rooms: [Room]

  init(sources: URL) throws {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: sources.path)
      .filter { $0.hasSuffix(".swift") && !$0.hasSuffix(".pb.swift") }.sorted()
    var owners: [String: Set<Room>] = [:]
    var words: [Room: Set<String>] = [:]
    var imports: [Room: Set<String>] = [:]
    var declared: [Room: Set<String>] = [:]
    for path in paths {
      let text = try String(contentsOf: sources.appendingPathComponent(path), encoding: .utf8)
      let (room, tokens) = (Room(path: path), Self.tokens(text))
      words[room] = Set(tokens)
      imports[room] = Self.imports(tokens)
      declared[room] = Self.declarations(tokens)
      for name in declared[room] ?? [] { owners[name, default: []].insert(room) }
    }
    rooms = words.keys.sorted { $0.path < $1.path }
    arrows = rooms.flatMap { user in
      (words[user] ?? []).subtracting(declared[user] ?? []).sorted().compactMap { name in
        guard let found = owners[name], found.count == 1, let owner = found.first,
          owner.target == user.target || imports[user]?.contains(owner.target) == true
        else { return nil }
        return Arrow(user: user, owner: owner, name: name)
      }
    }
  }

  /// The words and braces of `text`, without those of comments and texts.
  static func tokens(_ text: String) -> [String] {
    let bare = text.replacing(#/(?s)"""(?:\\.|.)*?"""|"(?:\\.|[^"\n\\])*"|//[^\n]*|/\*.*?\*//#) {
      $0.output.hasPrefix("/") ? "" : " _ "
    }
    return bare.matches(of: #/[A-Za-z_]\w*|[{}\n]/#).map { String($0.output) }
  }

  /// `text` without comments. Texts stay, and so does what is interpolated in them; two slashes
  /// behind a colon are an address in a text.
  static func code(_ text: String) -> String {
    text.replacing(#/(^|[^:])//[^\n]*/#.anchorsMatchLineEndings()) { $0.output.1 }
  }

  private static func imports(_ tokens: [String]) -> Set<String> {
    Set(zip(tokens, tokens.dropFirst()).filter { $0.0 == "import" }.map(\.1))
  }

  /// The words that a name follows which they declare.
  static let keywords: Set<String> = [
    "class", "struct", "enum", "protocol", "actor", "typealias", "func", "var", "let",
  ]

  /// What a file declares outside of braces.
  static func declarations(_ tokens: [String]) -> Set<String> {
    var depth = 0
    var found: Set<String> = []
    for (token, next) in zip(tokens, tokens.dropFirst()) {
      if token == "{" { depth += 1 }
      if token == "}" { depth -= 1 }
      if depth == 0, keywords.contains(token), next != "\n", next != "{" { found.insert(next) }
    }
    return found
  }

  /// The sets of places that use each other, directly or through others.
  static func circles(_ arrows: some Sequence<(String, String)>) -> [Set<String>] {
    var next: [String: Set<String>] = [:]
    for (user, owner) in arrows where user != owner { next[user, default: []].insert(owner) }
    func reached(from start: String) -> Set<String> {
      var (found, waiting): (Set<String>, [String]) = ([], [start])
      while let place = waiting.popLast() {
        for other in next[place] ?? [] where found.insert(other).inserted { waiting.append(other) }
      }
      return found
    }
    let reach = Dictionary(uniqueKeysWithValues: next.keys.map { ($0, reached(from: $0)) })
    var circles: Set<Set<String>> = []
    for (place, places) in reach where places.contains(place) {
      circles.insert(places.filter { reach[$0]?.contains(place) == true })
    }
    return circles.sorted { ($0.min() ?? "") < ($1.min() ?? "") }
  }
}
