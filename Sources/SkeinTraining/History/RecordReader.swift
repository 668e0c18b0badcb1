/// Takes tensors out of a history file, with an error that names what is missing.
struct RecordReader {
  private let stored: Safetensors
  private let file: String

  /// - Throws: `CheckpointError` for a damaged file, and for one of another format.
  init(_ bytes: [UInt8], file: String, format: String) throws {
    stored = try Safetensors.decode(bytes, file: file)
    self.file = file
    guard stored.metadata["format"] == format else {
      throw fault("metadata format", expected: format)
    }
  }

  func fault(_ what: String, expected: String) -> CheckpointError {
    CheckpointError(
      file: file, what: what, expected: expected, found: "something else",
      advice: "it is damaged, or from another version")
  }

  func metadata(_ key: String) -> String? { stored.metadata[key] }

  func has(_ name: String) -> Bool { stored[name] != nil }

  func number<N: LosslessStringConvertible>(_ key: String) throws -> N {
    guard let value = stored.metadata[key].flatMap(N.init) else {
      throw fault("metadata \(key)", expected: "a number")
    }
    return value
  }

  func shape(_ name: String) -> [Int] { stored[name]?.shape ?? [] }

  func floats(_ name: String) throws -> [Float] {
    guard case .float32(let values) = stored[name]?.values else {
      throw fault("tensor \(name)", expected: "Floats")
    }
    return values
  }

  func integers(_ name: String) throws -> [Int] {
    guard case .int64(let values) = stored[name]?.values else {
      throw fault("tensor \(name)", expected: "whole numbers")
    }
    return values.map(Int.init)
  }

  func bytes(_ name: String) throws -> [UInt8] {
    guard case .uint8(let values) = stored[name]?.values else {
      throw fault("tensor \(name)", expected: "bytes")
    }
    return values
  }

  func samples(_ name: String) throws -> SampleValues {
    guard let values = stored[name]?.values, let samples = SampleValues(values) else {
      throw fault("tensor \(name)", expected: "samples")
    }
    return samples
  }
}
