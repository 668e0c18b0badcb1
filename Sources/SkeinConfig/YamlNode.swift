import SkeinFiles

/// A YAML value with its place. Its text has no type yet: each key reads the type that it needs.
struct YamlNode: Sendable, Equatable {
  /// A key of a mapping with its value.
  struct Entry: Sendable, Equatable {
    let key: YamlNode
    let value: YamlNode
  }

  /// What a value consists of.
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

  /// The text of a scalar without quotes. Numbers, and words such as `auto`, must be such scalars.
  var plain: String? {
    if case .scalar(let text, isPlain: true) = content { text } else { nil }
  }

  /// Whether it is empty, `~` or `null`, without quotes.
  var isNull: Bool {
    ["", "~", "null", "Null", "NULL"].contains(plain)
  }

  /// The value in words, for messages.
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
