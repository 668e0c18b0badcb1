import SkeinFiles
import SkeinRecord
import SkeinSafetensors

/// Reads tensors and metadata from a history file. Its errors name what is missing.
///
/// Files carry a seal, which is a SHA-256 of their own contents. Files of the first edition carry
/// none, and their formats have other names. A file with a seal is always checked against it, so
/// damage cannot turn a file into one of the first edition.
struct RecordReader {
  /// The names of the formats of one kind of file.
  struct Formats {
    /// The name that is written now.
    let present: String
    /// The name that the first edition wrote.
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

  /// The error for a `what` that is not as `expected`.
  func fault(_ what: String, expected: String) -> FormatError {
    FormatError(
      file: file, what: what, expected: expected, found: "something else",
      advice: "it is damaged, or from another version")
  }

  /// The text under `key` in the metadata; nil where there is none.
  func metadata(_ key: String) -> String? { stored.metadata[key] }

  /// Whether there is a tensor of this name.
  func has(_ name: String) -> Bool { stored[name] != nil }

  /// The finite number under `key` in the metadata.
  func number(_ key: String) throws -> Double {
    guard let value = stored.metadata[key].flatMap(Double.init), value.isFinite else {
      throw fault("metadata \(key)", expected: "a number")
    }
    return value
  }

  /// The whole number under `key` in the metadata. It must lie in `range`.
  func count(_ key: String, in range: Range<Int> = RecordReader.counts) throws -> Int {
    guard let value = stored.metadata[key].flatMap(Int.init), range.contains(value) else {
      throw fault("metadata \(key)", expected: "a whole number from 0 to \(range.upperBound - 1)")
    }
    return value
  }

  /// Whole numbers below 2^53. A sum of a few of them still fits an Int.
  static let counts = 0..<(1 << 53)

  /// The shape of a tensor; empty where there is none of this name.
  func shape(_ name: String) -> [Int] { stored[name]?.shape ?? [] }

  /// The values of a tensor of Floats.
  func floats(_ name: String) throws -> [Float] {
    guard case .float32(let values) = stored[name]?.values else {
      throw fault("tensor \(name)", expected: "Floats")
    }
    return values
  }

  /// The values of a tensor of whole numbers. They must lie in 0…2^31 − 1, as the numbers and
  /// counts of samples do.
  func integers(_ name: String) throws -> [Int] {
    guard case .int64(let values) = stored[name]?.values,
      values.allSatisfy({ (0...Int64(Int32.max)).contains($0) })
    else { throw fault("tensor \(name)", expected: "whole numbers from 0 to 2^31 - 1") }
    return values.map { Int($0) }
  }

  /// The values of a tensor of bytes.
  func bytes(_ name: String) throws -> [UInt8] {
    guard case .uint8(let values) = stored[name]?.values else {
      throw fault("tensor \(name)", expected: "bytes")
    }
    return values
  }

  /// The values of a tensor of bytes or Floats, as elements of samples.
  func samples(_ name: String) throws -> SampleElements {
    guard let values = stored[name]?.values, let samples = SampleElements(values) else {
      throw fault("tensor \(name)", expected: "samples")
    }
    return samples
  }
}
