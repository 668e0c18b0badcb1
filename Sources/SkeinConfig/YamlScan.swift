/// Checks a YAML text before it is parsed. It refuses what job files never need and what costs a
/// parser much time: anchors and aliases, tags, directives, block texts, deep nesting, and too many
/// tokens.
///
/// It follows the tokens of libyaml closely enough that it misses no anchor. It refuses quoted
/// texts and flow texts over several lines, because only a parser can tell what belongs to them.
///
/// - Complexity: O(bytes), without recursion.
struct YamlScan {
  /// How deep `[` and `{` may nest. A job nests three.
  static let maximumDepth = 8
  /// The last column in which a block key or a dash may stand. This limits how deep blocks nest.
  static let maximumColumn = 64
  /// The most keys, values, brackets, commas and colons. A job of 64 layers has about 250.
  static let maximumTokens = 2000

  private let bytes: [UInt8]
  private let source: JobSource
  private var index = 0
  private var place = Place.start
  private var depth = 0
  private var tokens = 0
  /// Whether a flow text could go on behind the line break that ended it.
  private var isOpen = false

  /// Checks all of `text`.
  ///
  /// - Throws: `JobError` with the first reason not to parse it.
  static func check(_ text: String, _ source: JobSource) throws(JobError) {
    var scan = YamlScan(bytes: Array(text.utf8), source: source)
    while scan.index < scan.bytes.count { try scan.step() }
  }

  private init(bytes: [UInt8], source: JobSource) {
    self.bytes = bytes
    self.source = source
  }

  private func byte(_ ahead: Int = 0) -> UInt8? {
    index + ahead < bytes.count ? bytes[index + ahead] : nil
  }

  /// Whether a token would end `ahead` bytes further on: at a blank, a line break or the end of the
  /// text.
  private func endsToken(_ ahead: Int) -> Bool {
    guard let byte = byte(ahead) else { return true }
    return byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  /// Steps over one byte, and refuses control characters.
  ///
  /// U+0085, U+2028 and U+2029 count as such: YAML takes them for line breaks, and editors do not.
  /// U+FEFF does too, because YAML may skip it.
  private mutating func advance() throws(JobError) {
    let byte = bytes[index]
    let isControl =
      byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D || byte == 0x7F
      || byte == 0xC2 && (0x80...0x9F).contains(self.byte(1) ?? 0)
      || byte == 0xE2 && self.byte(1) == 0x80 && (0xA8...0xA9).contains(self.byte(2) ?? 0)
      || byte == 0xEF && self.byte(1) == 0xBB && self.byte(2) == 0xBF
    if isControl {
      throw source.error(
        at: place, "a control or invisible character: remove it, or write it as \"\\u….\"")
    }
    index += 1
    if byte == 0x0A || byte == 0x0D && self.byte() != 0x0A {
      place = Place(line: place.line + 1, column: 1)
    } else if byte & 0xC0 != 0x80 {
      place.column += 1
    }
  }

  private mutating func skipLine() throws(JobError) {
    while let next = byte(), next != 0x0A, next != 0x0D { try advance() }
  }

  /// Steps over white space, a comment, or one token.
  private mutating func step() throws(JobError) {
    let first = bytes[index]
    switch first {
    case UInt8(ascii: " "), UInt8(ascii: "\t"):
      return try skipBlanks()
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
      return try advance()
    case UInt8(ascii: "#"):
      return try skipLine()
    default:
      break
    }
    tokens += 1
    guard tokens <= Self.maximumTokens else {
      throw source.error(at: place, "more than \(Self.maximumTokens) keys and values")
    }
    guard depth > 0 || place.column <= Self.maximumColumn || !startsBlockToken else {
      throw source.error(at: place, "nested too deep: beyond column \(Self.maximumColumn)")
    }
    let wasOpen = isOpen
    isOpen = false
    switch first {
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      guard !wasOpen else { throw continued }
      depth += 1
      guard depth <= Self.maximumDepth else {
        throw source.error(at: place, "nested too deep: more than \(Self.maximumDepth) brackets")
      }
      try advance()
    case UInt8(ascii: "]"), UInt8(ascii: "}"):
      depth = max(0, depth - 1)
      try advance()
    case UInt8(ascii: ","):
      try advance()
    case UInt8(ascii: "-") where isDocumentMarker(first),
      UInt8(ascii: ".") where isDocumentMarker(first):
      for _ in 0..<3 { try advance() }
    case UInt8(ascii: ":") where depth > 0 || endsToken(1):
      try advance()
    case UInt8(ascii: "-") where endsToken(1):
      try advance()
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      guard !wasOpen else { throw continued }
      try skipQuoted(first)
    default:
      if let message = refusal(of: first) { throw source.error(at: place, message) }
      guard !wasOpen else { throw continued }
      try skipPlain()
    }
  }

  /// Steps over blanks. A tab that indents a key or a dash is refused here, because the parser's
  /// message about it would not mention a tab.
  private mutating func skipBlanks() throws(JobError) {
    let indents = depth == 0 && place.column == 1
    var tab: Place?
    while let next = byte(), next == 0x20 || next == 0x09 {
      if next == 0x09 { tab = tab ?? place }
      try advance()
    }
    guard indents, let tab, let next = byte(), !endsLine, next != UInt8(ascii: "#"),
      refusal(of: next) == nil
    else { return }
    throw source.error(at: tab, "a tab", suggestion: "indent with spaces")
  }

  /// Whether `---` or `...` stands here, alone or before a blank, at the start of a line.
  private func isDocumentMarker(_ first: UInt8) -> Bool {
    place.column == 1 && byte(1) == first && byte(2) == first && endsToken(3)
  }

  private var continued: JobError {
    source.error(at: place, "a text in brackets goes on over a line break: quote it on one line")
  }

  /// Whether the token here may open a block: it is the first of its line, or stands behind a dash.
  private var startsBlockToken: Bool {
    var before = index
    while before > 0 {
      switch bytes[before - 1] {
      case 0x0A, 0x0D: return true
      case 0x20, 0x09, UInt8(ascii: "-"): before -= 1
      default: return false
      }
    }
    return true
  }

  /// The reason to refuse a token that begins with `first`; nil for an allowed token.
  private func refusal(of first: UInt8) -> String? {
    switch first {
    case UInt8(ascii: "&"), UInt8(ascii: "*"):
      "anchors and aliases are off in job files: write the value out, or quote a text that "
        + "begins with & or *"
    case UInt8(ascii: "!"):
      "tags are off in job files: write the plain value, or quote a text that begins with !"
    case UInt8(ascii: "|") where depth == 0, UInt8(ascii: ">") where depth == 0:
      "block texts are off in job files: quote the text on one line"
    case UInt8(ascii: "?") where depth > 0 || endsToken(1):
      "a key that begins with '?' is off in job files: write 'key: value'"
    case UInt8(ascii: "%") where place.column == 1:
      "directives are off in job files: remove the line"
    default: nil
    }
  }

  private mutating func skipQuoted(_ quote: UInt8) throws(JobError) {
    let start = place
    try advance()
    while let next = byte(), next != 0x0A, next != 0x0D {
      try advance()
      if next == UInt8(ascii: "\\"), quote == UInt8(ascii: "\""), !endsLine {
        try advance()
      } else if next == quote {
        guard quote == UInt8(ascii: "'"), byte() == quote else { return }
        try advance()
      }
    }
    throw source.error(at: start, "a quoted text that does not end on its line")
  }

  private var endsLine: Bool { byte().map { $0 == 0x0A || $0 == 0x0D } ?? true }

  private mutating func skipPlain() throws(JobError) {
    let (start, first) = (place, index)
    repeat { try advance() } while !endsPlain
    try checkLookalikes(bytes[first..<index], from: start)
    isOpen = depth > 0 && endsLine
  }

  /// Whether a text without quotes ends here, behind its first character.
  private var endsPlain: Bool {
    switch byte() {
    case UInt8(ascii: ":"): endsToken(1)
    case UInt8(ascii: "#"): index > 0 && (bytes[index - 1] == 0x20 || bytes[index - 1] == 0x09)
    case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
      UInt8(ascii: "}"):
      depth > 0
    default: endsLine
    }
  }

  /// Refuses characters that only look like the right ones. YAML would take them for letters.
  private func checkLookalikes(_ text: ArraySlice<UInt8>, from start: Place) throws(JobError) {
    guard text.contains(where: { $0 >= 0x80 }) else { return }
    let scalars = Array(String(decoding: text, as: UTF8.self).unicodeScalars)
    guard let (offset, found) = Lookalike.first(in: scalars) else { return }
    throw source.error(
      at: Place(line: start.line, column: start.column + offset), found.name,
      text: String(scalars[offset]), suggestion: found.advice + ", or put the text in plain quotes")
  }
}
