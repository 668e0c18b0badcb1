/// Parses the Python dictionary of a `.npy` header, without recursion:
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
struct NumPyDictionary {
  struct Fields {
    var descr: String?
    var fortranOrder: Bool?
    var shape: [Int]?
  }

  private let file: String
  private let bytes: [UInt8]
  /// Where the text starts in the file.
  private let start: Int
  private var position = 0

  /// - Parameter end: The file's offset behind `bytes`.
  init(_ bytes: [UInt8], file: String, endingAt end: Int) {
    self.bytes = bytes
    self.file = file
    start = end - bytes.count
  }

  mutating func parse() throws -> Fields {
    var fields = Fields()
    try expect("{")
    while !accept("}") {
      let key = try string()
      try expect(":")
      switch key {
      case "descr" where fields.descr == nil: fields.descr = try string()
      case "fortran_order" where fields.fortranOrder == nil: fields.fortranOrder = try bool()
      case "shape" where fields.shape == nil: fields.shape = try tuple()
      default: throw error("descr, fortran_order or shape, each once")
      }
      if !accept(",") {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard position == bytes.count else { throw error("the end of the header") }
    return fields
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws {
    guard accept(character) else { throw error("'\(character)'") }
  }

  private mutating func string() throws -> String {
    let quote: Unicode.Scalar = accept("'") ? "'" : "\""
    if quote == "\"" { try expect("\"") }
    let rest = bytes[position...]
    guard let end = rest.firstIndex(where: { UInt32($0) == quote.value }) else {
      throw error("a closing \(quote)")
    }
    defer { position = end + 1 }
    return String(decoding: rest[..<end], as: UTF8.self)
  }

  private mutating func bool() throws -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)]
    where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw error("True or False")
  }

  private mutating func tuple() throws -> [Int] {
    var numbers: [Int] = []
    try expect("(")
    while !accept(")") {
      numbers.append(try number())
      if !accept(",") {
        try expect(")")
        break
      }
    }
    guard numbers.count <= 255 else { throw error("at most 255 dimensions") }
    return numbers
  }

  private mutating func number() throws -> Int {
    skipSpace()
    let digits = bytes[position...].prefix { (0x30...0x39).contains($0) }
    guard let value = Int(String(decoding: digits, as: UTF8.self)) else {
      throw error("a whole number in reach")
    }
    position += digits.count
    // Python 2 wrote some numbers as long ones: (300L, 28L).
    if bytes[position...].first == UInt8(ascii: "L") { position += 1 }
    return value
  }

  private func error(_ expected: String) -> DataError {
    let rest = String(decoding: bytes[position...].prefix(20), as: UTF8.self)
    return DataError(
      file, at: "byte \(start + position)", expected: "\(expected) in the NumPy header",
      found: rest.isEmpty ? "its end" : "\"\(rest)\"")
  }
}
