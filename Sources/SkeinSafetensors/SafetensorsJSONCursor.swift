import SkeinFiles

/// Steps through JSON that only has objects, strings and lists of whole numbers, where the reader
/// knows what comes next: so nothing nests deeper than the reader goes, and a repeated key is seen,
/// which general JSON readers drop silently.
struct JSONCursor {
  private let bytes: ArraySlice<UInt8>
  private var index: Int
  private let file: String
  /// Whether an object was opened and no key of it has been read.
  private var isFresh = false

  init(bytes: ArraySlice<UInt8>, file: String) {
    self.bytes = bytes
    self.file = file
    index = bytes.startIndex
  }

  /// The error that something else stands here.
  func fault(expected: String) -> FormatError {
    let found =
      byte.map {
        (0x21...0x7E).contains($0) ? "'\(Unicode.Scalar($0))'" : "byte \($0)"
      } ?? "the header's end"
    return FormatError(
      file: file, what: "header, byte \(index)", expected: expected, found: found,
      advice: "it is damaged, or no safetensors file")
  }

  private var byte: UInt8? { index < bytes.endIndex ? bytes[index] : nil }

  /// Whether a brace stands right here: nothing comes before the header's own.
  var isAtBrace: Bool { byte == UInt8(ascii: "{") }

  private mutating func skipSpace() {
    while let byte, byte == 0x20 || (0x09...0x0A).contains(byte) || byte == 0x0D { index += 1 }
  }

  /// Steps over `character` if it comes next.
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard let byte, UInt32(byte) == character.value else { return false }
    index += 1
    return true
  }

  /// Steps over `character` and the white space before it.
  mutating func open(_ character: Unicode.Scalar) throws(FormatError) {
    guard take(character) else { throw fault(expected: "'\(character)'") }
    isFresh = character == "{"
  }

  /// The next key of the object at hand, or nil behind its end; `keys` are those it had before.
  mutating func nextKey(_ keys: inout Set<String>) throws(FormatError) -> String? {
    if take("}") {
      isFresh = false
      return nil
    }
    guard isFresh || take(",") else { throw fault(expected: "',' or '}'") }
    isFresh = false
    skipSpace()
    let place = index
    let key = try string()
    guard keys.insert(key).inserted else {
      throw FormatError(
        file: file, what: "header, byte \(place)", expected: "every name once",
        found: "'\(key)' again", advice: "it was not written by a sound program")
    }
    try open(":")
    return key
  }

  /// Checks that nothing but spaces is left.
  mutating func expectEnd() throws(FormatError) {
    while byte == 0x20 { index += 1 }
    guard byte == nil else { throw fault(expected: "the header's end") }
  }

  /// A list of whole numbers from 0 to 2^63 − 1.
  mutating func integers() throws(FormatError) -> [Int] {
    var values: [Int] = []
    try open("[")
    if take("]") { return values }
    repeat { values.append(try integer()) } while take(",")
    try open("]")
    return values
  }

  private mutating func integer() throws(FormatError) -> Int {
    skipSpace()
    let start = index
    while let byte, (0x30...0x39).contains(byte), index - start < 20 { index += 1 }
    let digits = String(decoding: bytes[start..<index], as: UTF8.self)
    guard let value = Int(digits), digits == "0" || !digits.hasPrefix("0") else {
      index = start
      throw fault(expected: "a whole number from 0 to 2^63 - 1")
    }
    return value
  }

  /// A string, with its escapes resolved.
  mutating func string() throws(FormatError) -> String {
    guard take("\"") else { throw fault(expected: "'\"'") }
    var text: [UInt8] = []
    let start = index
    while let byte, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw fault(expected: "no control character in a string") }
      index += 1
      if byte == UInt8(ascii: "\\") {
        text.append(contentsOf: String(Character(try escape())).utf8)
      } else {
        text.append(byte)
      }
    }
    guard byte != nil else { throw fault(expected: "'\"'") }
    index += 1
    guard let string = String(validating: text, as: UTF8.self) else {
      index = start
      throw fault(expected: "a string in UTF-8")
    }
    return string
  }

  /// What an escape behind its backslash stands for.
  private mutating func escape() throws(FormatError) -> Unicode.Scalar {
    switch byte {
    case nil: throw fault(expected: "an escape")
    case UInt8(ascii: "u"): return try unicodeEscape()
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): break
    case UInt8(ascii: "b"): return simple("\u{8}")
    case UInt8(ascii: "f"): return simple("\u{C}")
    case UInt8(ascii: "n"): return simple("\n")
    case UInt8(ascii: "r"): return simple("\r")
    case UInt8(ascii: "t"): return simple("\t")
    default: throw fault(expected: "an escape")
    }
    return simple(Unicode.Scalar(bytes[index]))
  }

  private mutating func simple(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    index += 1
    return scalar
  }

  /// What `uXXXX` stands for, or two of them for a scalar beyond U+FFFF.
  private mutating func unicodeEscape() throws(FormatError) -> Unicode.Scalar {
    let high = try codeUnit()
    if let scalar = Unicode.Scalar(high) { return scalar }
    guard (0xD800..<0xDC00).contains(high), self.byte == UInt8(ascii: "\\") else {
      throw fault(expected: "a pair of surrogates")
    }
    index += 1
    let low = try codeUnit()
    guard (0xDC00..<0xE000).contains(low),
      let scalar = Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    else { throw fault(expected: "a pair of surrogates") }
    return scalar
  }

  /// The number in `uXXXX`.
  private mutating func codeUnit() throws(FormatError) -> UInt32 {
    guard byte == UInt8(ascii: "u") else { throw fault(expected: "'u'") }
    index += 1
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw fault(expected: "a hexadecimal digit")
      }
      value = value << 4 | UInt32(digit)
      index += 1
    }
    return value
  }
}
