import Crypto
import SkeinFiles
import SkeinKernels
import SkeinModel

/// What training leaves behind, as two SHA-256 digests: equal digests are equal bits.
public struct TrainingDigest: Sendable, Equatable {
  /// Of all parameters, tensor by tensor, each Float in 4 bytes, little-endian; in hexadecimal.
  public let parameters: String
  /// Of the optimizer's velocity, likewise; nil without momentum.
  public let velocity: String?

  init(_ layout: ParameterLayout, parameters: FloatBuffer, velocity: FloatBuffer?) {
    self.parameters = Self.digest(layout, parameters)
    self.velocity = velocity.map { Self.digest(layout, $0) }
  }

  private static func digest(_ layout: ParameterLayout, _ buffer: FloatBuffer) -> String {
    var hash = SHA256()
    for entry in layout.entries {
      let words = buffer[entry.range].map { $0.bitPattern.littleEndian }
      words.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }
    return hash.finalize().hexadecimal
  }
}

extension Trainer {
  /// The digests of the parameters and of the optimizer's velocity. O(parameters).
  public var digest: TrainingDigest {
    TrainingDigest(model.architecture.layout, parameters: model.parameters, velocity: velocity)
  }
}
