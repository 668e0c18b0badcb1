/// Training met a NaN or an infinity; the command line ends with exit code 5.
public struct NonFiniteError: Error, Sendable, CustomStringConvertible {
  public static let exitCode: Int32 = 5

  /// What went non-finite.
  public let what: String
  /// The row numbers of the batch shard that it happened in; empty where it is no sample's fault.
  public let samples: [Int32]
  /// Where training stood, counted from 1; nil outside of training.
  public var epoch: Int?
  public var step: Int?
  public var learningRate: Float?

  public init(what: String, samples: [Int32]) {
    self.what = what
    self.samples = samples
  }

  public var description: String {
    var text = "the \(what) is no finite number any more"
    if let epoch, let step { text += ", in epoch \(epoch), step \(step)" }
    if !samples.isEmpty {
      let shown = samples.prefix(8).map(String.init).joined(separator: ", ")
      text += "; samples \(shown)" + (samples.count > 8 ? ", … (\(samples.count))" : "")
    }
    guard let learningRate else { return text }
    return text
      + "; the learning rate is \(learningRate): too large a rate makes every step overshoot until "
      + "the numbers overflow, so try a tenth of it"
  }
}
