import Foundation
import SkeinTestSupport

@testable import SkeinSafetensors

/// Safetensors files for tests, put together from a header's text and a payload.
enum SafetensorsFiles {
  /// The tensors of Tests/Goldens/safetensors_kinds.py.
  static let kinds = Safetensors(
    tensors: [
      .init(
        name: "layers.0.weight", shape: [2, 3],
        values: .float32([0.5, -1.25, 3, -0.125, 1e-3, 65504])),
      .init(name: "scalar", shape: [], values: .float32([-0.0])),
      .init(name: "empty", shape: [0, 4], values: .float32([])),
      .init(name: "steps", shape: [4], values: .int64([0, -1, .max, .min])),
      .init(name: "bytes", shape: [3], values: .uint8([0, 1, 255])),
      .init(name: "naïve \"name\"\t\\", shape: [1], values: .uint8([7])),
    ],
    metadata: ["format": "np", "job": "name: x\nseed: 1\n", "é": "日本 \u{1F426} \u{1B}"])

  static let small = Safetensors(
    tensors: [
      .init(name: "w", shape: [2, 2], values: .float32([1, 2, 3, 4])),
      .init(name: "n", shape: [1], values: .int64([5])),
    ],
    metadata: ["k": "v"])

  static func bytes(_ header: String, payload: [UInt8] = []) -> [UInt8] {
    bytes(Array(header.utf8), payload: payload)
  }

  static func bytes(_ header: [UInt8], payload: [UInt8] = []) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header + payload
  }

  static func golden(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: Repository.goldens.appendingPathComponent(name)))
  }
}
