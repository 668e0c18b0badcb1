import SkeinFiles

/// A YAML value with its place. Types are not guessed from the text: each key reads its own.
struct YamlNode: Sendable, Equatable {
  struct Entry: Sendable, Equatable {
    let key: YamlNode
    let value: YamlNode
  }

  enum Content: Sendable, Equatable {
    case scalar(String, isPlain: Bool)
    case list([YamlNode])
    case mapping([Entry])
  }

  let place: Place
  let content: Content

  /// The text of a scalar, quoted or not.
  var scalar: String? {
    if case .scalar(let text, _) = content { text } else { nil }
  }

  /// The text of a scalar without quotes; numbers and words such as `auto` are only read from it.
  var plain: String? {
    if case .scalar(let text, isPlain: true) = content { text } else { nil }
  }

  /// Whether it is nothing, `~` or `null`, without quotes.
  var isNull: Bool {
    ["", "~", "null", "Null", "NULL"].contains(plain)
  }

  /// What it is, for a message.
  var found: String {
    switch content {
    case .list(let items): items.isEmpty ? "an empty list" : "a list"
    case .mapping: "a mapping"
    case .scalar(_, isPlain: true) where isNull: "nothing"
    case .scalar(let text, isPlain: true): "'\(text.printable(limit: 80))'"
    case .scalar(let text, isPlain: false): "the text \"\(text.printable(limit: 80))\" in quotes"
    }
  }
}
