#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Finds what parsers of JSON do not tell: keys that an object has twice, of which some keep the
/// first in silence and some the last, and numbers that are no `Int`, which Foundation calls
/// invalid JSON.
package struct JSONKeys {
  /// A key that came again.
  package struct Repeated: Equatable {
    /// `splits.train[0]`; empty for the outermost object.
    package let path: String
    package let key: String
    /// Where it came again, from 1; columns count bytes.
    package let line: Int
    package let column: Int
  }

  /// A number that is no `Int`: too large, or with a fraction or an exponent.
  package struct Unfit: Equatable {
    /// As `Repeated.path`, with the number's own key.
    package let path: String
    package let text: String
  }

  /// An object or a list that is open.
  private struct Level {
    let path: String
    let isObject: Bool
    var keys: Set<String> = []
    /// The key or the number of the value that follows.
    var key = ""
    var index = 0
  }

  /// More of them say nothing new.
  private static let limit = 100

  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  private var lineStart = 0
  private var levels: [Level] = []
  private var found: [Repeated] = []
  private var unfit: [Unfit] = []

  /// Every repeated key in `json`, at most a hundred. O(bytes), without recursion.
  ///
  /// - Precondition: a parser has read `json` without an error.
  package static func repeated(in json: [UInt8]) -> [Repeated] {
    var scan = JSONKeys(bytes: json)
    scan.run()
    return scan.found
  }

  /// Every number in `json` that is no `Int`, at most a hundred. O(bytes), without recursion.
  ///
  /// - Precondition: `json` is well formed.
  package static func numbersBesideInt(in json: [UInt8]) -> [Unfit] {
    var scan = JSONKeys(bytes: json)
    scan.run()
    return scan.unfit
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func run() {
    var expectsKey = false
    while position < bytes.count, found.count < Self.limit {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        expectsKey = byte == UInt8(ascii: "{")
        levels.append(Level(path: place, isObject: expectsKey))
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        _ = levels.popLast()
        expectsKey = false
      case UInt8(ascii: ","):
        expectsKey = levels.last?.isObject ?? false
        if !levels.isEmpty { levels[levels.count - 1].index += 1 }
      case UInt8(ascii: "\""):
        let start = position - 1
        skipString()
        if expectsKey { take(key(bytes[start..<position]), at: start) }
        expectsKey = false
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        takeNumber(at: position - 1)
      case UInt8(ascii: "\n"):
        line += 1
        lineStart = position
      default: break
      }
    }
  }

  /// Moves behind the number that begins at `start`.
  private mutating func takeNumber(at start: Int) {
    let isEnd: (UInt8) -> Bool = { $0 <= 0x20 || [UInt8](",]}".utf8).contains($0) }
    while position < bytes.count, !isEnd(bytes[position]) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if Int(text) == nil, unfit.count < Self.limit { unfit.append(Unfit(path: place, text: text)) }
  }

  /// Moves behind the closing quote.
  private mutating func skipString() {
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    position = min(position + 1, bytes.count)
  }

  /// The text of a quoted key: `"a"` and `"\u0061"` are the same one.
  private func key(_ quoted: ArraySlice<UInt8>) -> String {
    guard quoted.contains(UInt8(ascii: "\\")),
      let text = try? JSONDecoder().decode(String.self, from: Data(quoted))
    else { return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self) }
    return text
  }

  private mutating func take(_ key: String, at start: Int) {
    guard let level = levels.indices.last else { return }
    levels[level].key = key
    guard !levels[level].keys.insert(key).inserted else { return }
    found.append(
      Repeated(path: levels[level].path, key: key, line: line, column: start - lineStart + 1))
  }

  /// The path of the value that begins here. Deep nesting gives no long paths.
  private var place: String {
    guard let level = levels.last else { return "" }
    let part =
      level.isObject ? (level.path.isEmpty ? "" : ".") + level.key : "[\(level.index)]"
    return (level.path + part).count > 300 ? level.path : level.path + part
  }
}
