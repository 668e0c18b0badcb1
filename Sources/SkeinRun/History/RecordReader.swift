import SkeinRecord
import SkeinSafetensors

/// Takes tensors out of a history file, with an error that names what is missing.
///
/// Files carry a seal, their own SHA-256. Those of the first edition have another format's name and
/// none. A sealed file with a damaged format is still held to its seal, so that damage turns no
/// file into one of the first edition.
struct RecordReader {
  /// The formats of one kind of file.
  struct Formats {
    let present: String
    let firstEdition: String
  }

  private let stored: Safetensors
  private let file: String
  /// Whether the first edition wrote the file.
  let isOfFirstEdition: Bool

  /// - Throws: `FormatError` for a damaged file, and for one of another format.
  init(_ bytes: [UInt8], file: String, formats: Formats) throws {
    stored = try Safetensors.decode(bytes, file: file)
    self.file = file
    let format = stored.metadata["format"]
    isOfFirstEdition =
      format == formats.firstEdition && stored.metadata[Safetensors.sealKey] == nil
    guard !isOfFirstEdition else { return }
    try Safetensors.checkSeal(
      bytes, file: file,
      advice: "the file is damaged: take it from a copy of the run, or record the run again")
    guard format == formats.present else {
      throw fault("metadata format", expected: formats.present)
    }
  }

  func fault(_ what: String, expected: String) -> FormatError {
    FormatError(
      file: file, what: what, expected: expected, found: "something else",
      advice: "it is damaged, or from another version")
  }

  func metadata(_ key: String) -> String? { stored.metadata[key] }

  func has(_ name: String) -> Bool { stored[name] != nil }

  /// A finite number.
  func number(_ key: String) throws -> Double {
    guard let value = stored.metadata[key].flatMap(Double.init), value.isFinite else {
      throw fault("metadata \(key)", expected: "a number")
    }
    return value
  }

  /// A whole number in `range`, or up to 2^53, where sums of a few still fit an Int.
  func count(_ key: String, in range: Range<Int> = RecordReader.counts) throws -> Int {
    guard let value = stored.metadata[key].flatMap(Int.init), range.contains(value) else {
      throw fault("metadata \(key)", expected: "a whole number from 0 to \(range.upperBound - 1)")
    }
    return value
  }

  static let counts = 0..<(1 << 53)

  func shape(_ name: String) -> [Int] { stored[name]?.shape ?? [] }

  func floats(_ name: String) throws -> [Float] {
    guard case .float32(let values) = stored[name]?.values else {
      throw fault("tensor \(name)", expected: "Floats")
    }
    return values
  }

  /// Whole numbers from 0 to 2^31 − 1, as numbers of samples and their counts are.
  func integers(_ name: String) throws -> [Int] {
    guard case .int64(let values) = stored[name]?.values,
      values.allSatisfy({ (0...Int64(Int32.max)).contains($0) })
    else { throw fault("tensor \(name)", expected: "whole numbers from 0 to 2^31 - 1") }
    return values.map { Int($0) }
  }

  func bytes(_ name: String) throws -> [UInt8] {
    guard case .uint8(let values) = stored[name]?.values else {
      throw fault("tensor \(name)", expected: "bytes")
    }
    return values
  }

  func samples(_ name: String) throws -> SampleElements {
    guard let values = stored[name]?.values, let samples = SampleElements(values) else {
      throw fault("tensor \(name)", expected: "samples")
    }
    return samples
  }
}
