import Glibc
import SkeinFiles

/// What is in one array file, for people and for programs.
public struct ArraySummary: Sendable, Codable, Equatable {
  /// The array as the user named it.
  public let path: String
  /// `IDX`, `NumPy`, and what it is packed in: `IDX in gzip`.
  public let format: String
  /// The type of its elements.
  public let type: ElementType
  /// Its dimensions; the first one counts samples.
  public let shape: [Int]
  /// The file's size.
  public let bytes: Int
  /// The size of all elements.
  public let rawBytes: Int
  /// The range of its elements.
  public let values: ElementStatistics
  /// Where the file is a list of whole numbers in 0…65,535, as labels are: how often each occurs.
  public let occurrences: [Int]?

  /// Whether `path` names an array file: a file, a pipe, `-` for standard input, or an array of an
  /// archive as `FILE.npz:NAME`; and no folder.
  public static func isArray(_ path: String) -> Bool {
    let file = ArrayPath(path).file
    return file == UserFile.standardInput || fileKind(file).map { $0 != S_IFDIR } ?? false
  }

  /// Reads the whole array in pieces; memory 64 KiB, and once the array where it is in Fortran
  /// order.
  ///
  /// - Parameters:
  ///   - path: as `isArray` takes it.
  ///   - report: gets how many elements are read, and how many there are, after each piece.
  /// - Throws: `DataError` where it is no array file.
  public init(
    path: String, report: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    let reader = try ArrayReader(path: path)
    var values = ElementStatistics()
    var occurrences: [Int]? = reader.type.isInteger && reader.shape.count == 1 ? [] : nil
    try reader.forEachPiece { first, piece in
      values.add(piece, reader.type)
      report(first + piece.count / reader.type.size, reader.payloadSize / reader.type.size)
      guard occurrences != nil else { return }
      Labels.forEach(piece, reader.type) { _, label in Self.count(label, in: &occurrences) }
    }
    self.path = reader.path
    format = reader.format
    type = reader.type
    shape = reader.shape
    bytes = reader.fileSize
    rawBytes = reader.payloadSize
    self.values = values
    self.occurrences = occurrences
  }

  private static func count(_ label: Int32, in occurrences: inout [Int]?) {
    guard let known = occurrences?.count else { return }
    guard let index = UInt16(exactly: label).map(Int.init) else {
      occurrences = nil
      return
    }
    if index >= known {
      occurrences?.append(contentsOf: [Int](repeating: 0, count: index + 1 - known))
    }
    occurrences?[index] += 1
  }

  /// Several lines for a terminal.
  public var text: String {
    var lines = ["\(path.printable(limit: 1000)): \(format)"]
    lines.append("  elements  \(ArrayShape.text(shape)) \(type.rawValue), values \(values.text)")
    lines.append("  bytes     \(bytes) on disk, \(rawBytes) in memory")
    if let occurrences {
      for (value, count) in occurrences.enumerated().prefix(100) where count > 0 {
        lines.append("    \(value)  \(count)")
      }
    }
    return lines.joined(separator: "\n")
  }
}
