/// How much the samples of a dataset count in a loss.
enum SampleWeights {
  /// Whether a sample can have this weight.
  static func isSound(_ weight: Float) -> Bool { weight.isFinite && weight >= 0 }

  /// What a weight must be, for messages.
  static let expected = "a weight that is finite as float32, and not below 0"
}
