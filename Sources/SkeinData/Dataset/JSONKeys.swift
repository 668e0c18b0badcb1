#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Finds keys that an object of a JSON text has twice: parsers keep one of them in silence, some
/// the first and some the last.
struct JSONKeys {
  /// A key that came again.
  struct Repeated: Equatable {
    /// `splits.train[0]`; empty for the outermost object.
    let path: String
    let key: String
    /// Where it came again, from 1; columns count bytes.
    let line: Int
    let column: Int
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

  /// Every repeated key in `json`, at most a hundred. O(bytes), without recursion.
  ///
  /// - Precondition: a parser has read `json` without an error.
  static func repeated(in json: [UInt8]) -> [Repeated] {
    var scan = JSONKeys(bytes: json)
    scan.run()
    return scan.found
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
      case UInt8(ascii: "\n"):
        line += 1
        lineStart = position
      default: break
      }
    }
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
