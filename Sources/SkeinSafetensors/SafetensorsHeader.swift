import SkeinFiles

/// What a safetensors header says, each tensor's shape checked against its offsets.
struct SafetensorsHeader: Equatable {
  struct Entry: Equatable {
    let name: String
    let type: Safetensors.ElementType
    let shape: [Int]
    /// Its bytes, counted from the end of the header.
    let offsets: Range<Int>
  }

  var entries: [Entry] = []
  var metadata: [String: String] = [:]
}

/// Reads the JSON of a safetensors header, whose form is fixed: three levels, and nothing else.
struct SafetensorsHeaderParser {
  private var json: JSONCursor
  private let file: String

  init(bytes: ArraySlice<UInt8>, file: String) {
    json = JSONCursor(bytes: bytes, file: file)
    self.file = file
  }

  /// - Throws: `FormatError` at the first byte that is not as the format says, for names and
  ///   keys that repeat, for unknown types, and where shape and offsets disagree.
  /// - Complexity: O(bytes).
  mutating func parse() throws(FormatError) -> SafetensorsHeader {
    var header = SafetensorsHeader()
    var names: Set<String> = []
    guard json.isAtBrace else { throw json.fault(expected: "'{'") }
    try json.open("{")
    while let name = try json.nextKey(&names) {
      if name == Safetensors.metadataKey {
        header.metadata = try metadata()
      } else {
        header.entries.append(try entry(name))
      }
    }
    try json.expectEnd()
    return header
  }

  private mutating func metadata() throws(FormatError) -> [String: String] {
    var metadata: [String: String] = [:]
    var keys: Set<String> = []
    try json.open("{")
    while let key = try json.nextKey(&keys) { metadata[key] = try json.string() }
    return metadata
  }

  private mutating func entry(_ name: String) throws(FormatError) -> SafetensorsHeader.Entry {
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
    var keys: Set<String> = []
    try json.open("{")
    while let key = try json.nextKey(&keys) {
      switch key {
      case "dtype": type = try json.string()
      case "shape": shape = try json.integers()
      case "data_offsets": offsets = try json.integers()
      default:
        throw fault(name, expected: "the keys dtype, shape, data_offsets", found: "'\(key)'")
      }
    }
    guard let type, let shape, let offsets else {
      let found = keys.isEmpty ? "none" : keys.sorted().joined(separator: ", ")
      throw fault(name, expected: "the keys dtype, shape, data_offsets", found: found)
    }
    guard let type = Safetensors.ElementType(rawValue: type) else {
      let types = Safetensors.ElementType.allCases.map(\.rawValue).joined(separator: ", ")
      throw fault(
        name, expected: "one of the types \(types)", found: "'\(type)'",
        advice: "convert the tensor to F32")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw fault(name, expected: "data_offsets [begin, end]", found: "\(offsets.prefix(8))")
    }
    var size: Int? = type.size
    for extent in shape {
      size = size.flatMap {
        let (product, overflow) = $0.multipliedReportingOverflow(by: extent)
        return overflow ? nil : product
      }
    }
    guard size == offsets[1] - offsets[0] else {
      throw fault(
        name,
        expected: "\(size.map { "\($0)" } ?? "2^63 or more") bytes for shape \(shape.prefix(8))",
        found: "\(offsets[1] - offsets[0]) from \(offsets[0]) to \(offsets[1])")
    }
    return .init(name: name, type: type, shape: shape, offsets: offsets[0]..<offsets[1])
  }

  private func fault(
    _ name: String, expected: String, found: String, advice: String? = nil
  ) -> FormatError {
    FormatError(
      file: file, what: "tensor '\(name)'", expected: expected, found: found, advice: advice)
  }
}
