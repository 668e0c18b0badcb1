import SkeinFiles
import SkeinKernels
import SkeinModel

/// What training leaves behind, as SHA-256 digests: equal digests are equal bits.
public struct TrainingDigest: Sendable, Equatable {
  /// Of all parameters, tensor by tensor, each Float in 4 bytes, little-endian; in hexadecimal.
  public let parameters: String
  /// Of each of the optimizer's states, likewise; none where it keeps nothing.
  public let states: [String]

  init(_ layout: ParameterLayout, parameters: FloatBuffer, states: [FloatBuffer]) {
    self.parameters = Self.digest(layout, parameters)
    self.states = states.map { Self.digest(layout, $0) }
  }

  private static func digest(_ layout: ParameterLayout, _ buffer: FloatBuffer) -> String {
    let hash = SHA256()
    for entry in layout.entries {
      let words = buffer[entry.range].map { $0.bitPattern.littleEndian }
      words.withUnsafeBytes(hash.update)
    }
    return hash.hexadecimal
  }
}
