import SkeinFiles
import Yams

/// Parses a YAML text into nodes. No other file knows the YAML library.
enum YamlParser {
  /// How many repeated keys are reported at once. Further ones are reported by the next try.
  static let maximumRepeats = 8

  /// The one document in `text`, or nil if there is none.
  ///
  /// Keys of a mapping may repeat. The caller reports them.
  ///
  /// - Throws: `JobError` at the first text that is not YAML, or that is not for job files.
  /// - Complexity: O(length), times the number of repeated keys, which is at most `maximumRepeats`.
  static func parse(_ text: String, _ source: JobSource) throws(JobError) -> YamlNode? {
    try YamlScan.check(text, source)
    var text = Array(text.unicodeScalars)
    // The library refuses a mapping with repeated keys, and names only one of them. So each one
    // gets another first letter, which makes it unique. Its place tells later which name it had.
    var names: [Place: String] = [:]
    while true {
      switch try attempt(String(String.UnicodeScalarView(text)), source) {
      case .node(let node): return node.map { convert($0, names) }
      case .repeated(let key, let place):
        guard names.count < maximumRepeats, names[place] == nil,
          let index = firstLetter(of: key, at: place, in: text),
          let unique = Unicode.Scalar(0xE000 + UInt32(names.count))
        else {
          throw source.error(at: place, "a key that is repeated further on: keep one of the two")
        }
        names[place] = key
        text[index] = unique
      }
    }
  }

  /// What one call of the library gives: a document, or a key that is repeated further on.
  private enum Attempt {
    case node(Node?)
    case repeated(String, Place)
  }

  private static func attempt(_ text: String, _ source: JobSource) throws(JobError) -> Attempt {
    // The parser keeps a pointer into its text. The pointer stays valid only for a text that is too
    // long to be stored inside the String itself.
    let padded = text + "\n" + String(repeating: " ", count: 16)
    do {
      // The basic resolver leaves all plain scalars as texts.
      let parser = try Parser(yaml: padded, resolver: .basic, encoding: .utf8)
      return .node(try parser.singleRoot())
    } catch {
      switch error as? YamlError {
      case .duplicatedKeysInMapping(let keys, let context):
        return .repeated(keys.first ?? "", Place(context.mark))
      case .scanner(let context, let problem, let mark, _),
        .parser(let context, let problem, let mark, _),
        .composer(let context, let problem, let mark, _):
        throw source.error(
          at: Place(mark),
          "not YAML: \(problem)" + (context.map { ", \($0.text)" } ?? "").printable(limit: 200))
      case .reader(let problem, _, _, _):
        throw source.error(at: .start, "not YAML: \(problem)")
      default:
        throw source.error(at: .start, "not YAML: \("\(error)".printable(limit: 200))")
      }
    }
  }

  /// The index in `text` of the first letter of the key at `place`; nil where that is not a plain
  /// letter.
  private static func firstLetter(
    of key: String, at place: Place, in text: [Unicode.Scalar]
  ) -> Int? {
    var start = 0
    var line = 1
    for (index, scalar) in text.enumerated() where line < place.line {
      guard scalar == "\n" || scalar == "\r" && text[index...].dropFirst().first != "\n" else {
        continue
      }
      line += 1
      start = index + 1
    }
    var index = start + place.column - 1
    guard line == place.line, text.indices.contains(index) else { return nil }
    if text[index] == "\"" || text[index] == "'" { index += 1 }
    guard text.indices.contains(index), text[index] == key.unicodeScalars.first,
      text[index].properties.isAlphabetic
    else { return nil }
    return index
  }

  /// Converts the library's nodes. It recurses as deep as the text nests, and `YamlScan` limits
  /// that.
  private static func convert(_ node: Node, _ names: [Place: String]) -> YamlNode {
    let place = node.mark.map(Place.init) ?? .start
    switch node {
    case .scalar(let scalar):
      return YamlNode(
        place: place,
        content: .scalar(names[place] ?? scalar.string, isPlain: scalar.style == .plain))
    case .sequence(let items):
      return YamlNode(place: place, content: .list(items.map { convert($0, names) }))
    case .mapping(let mapping):
      return YamlNode(
        place: place,
        content: .mapping(
          mapping.map { YamlNode.Entry(key: convert($0, names), value: convert($1, names)) }))
    case .alias(let alias):
      return YamlNode(
        place: place, content: .scalar("*" + alias.anchor.rawValue, isPlain: true))
    }
  }
}

extension Place {
  init(_ mark: Mark) { self.init(line: mark.line, column: mark.column) }
}
