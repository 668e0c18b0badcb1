import SkeinFiles

/// Training met a NaN or an infinity; the command line ends with exit code 5.
public struct NonFiniteError: ExitCoded, Sendable, CustomStringConvertible {
  /// The exit code of the command line for this error.
  public var exitCode: Int32 { 5 }

  /// What went wrong first.
  public enum Cause: Sendable, Equatable {
    /// A sample holds a number that is not finite: the dataset is to blame.
    case sample
    /// The dataset's numbers are finite, and became infinite when they were divided by the scale.
    case scale(Float)
    /// A target, as its source gives it, is not finite: the dataset is to blame.
    case target
    /// A parameter, by its name, was not finite before the step.
    case parameter(String)
    /// A layer's result or the loss, by layer and operation.
    case forward(layer: String, operation: String)
    /// The gradient of a parameter, by its name.
    case gradient(String)
    /// A parameter, by its name: its gradient was finite, and the step overflowed.
    case update(String)
  }

  /// What went wrong first.
  public let cause: Cause
  /// Whether it is a NaN; otherwise it is an infinity.
  public let isNaN: Bool
  /// The row numbers of the samples that it happened to, as closely as is known.
  public let samples: [Int32]
  /// The split that they are of; nil where it has no name.
  public var split: String?
  /// Where training stood, counted from 1; nil outside of training.
  public var epoch: Int?
  /// The step that failed, counted over the whole run; nil outside of training.
  public var step: Int?
  /// The rate of that step; nil outside of training.
  public var learningRate: Float?
  /// Whether there was a step before. Without one, the learning rate is to blame only where the
  /// update itself overflowed.
  public var hasUpdated = true

  /// Whether the dataset or the scale is to blame, and not the parameters.
  var isOfSamples: Bool {
    switch cause {
    case .sample, .scale, .target: true
    case .parameter, .forward, .gradient, .update: false
    }
  }

  /// Whether the step itself overflowed, which takes a rate that is too large even the first time.
  private var isUpdate: Bool { if case .update = cause { true } else { false } }

  /// An error that does not know yet where training stood.
  public init(cause: Cause, isNaN: Bool, samples: [Int32]) {
    self.cause = cause
    self.isNaN = isNaN
    self.samples = samples
  }

  /// What became non-finite, where, and what to do, in one line.
  public var description: String {
    let value = isNaN ? "not a number (NaN)" : "infinite"
    var text =
      switch cause {
      case .sample: "the dataset holds a number that is \(value)"
      case .scale(let scale):
        "the dataset's numbers become infinite when they are divided by data.scale, \(scale)"
      case .target: "a target of the dataset, as the loss gets it, is \(value)"
      case .parameter(let name): "\(name) is \(value)"
      case .forward(let layer, let operation): "\(layer): \(operation) became \(value)"
      case .gradient(let name): "\(name): its gradient became \(value) in the backward pass"
      case .update(let name): "\(name) became \(value) in the update"
      }
    if let epoch, let step { text += ", in epoch \(epoch), step \(step)" }
    let place = split.map { "split \"\($0.printable())\"" }
    if !samples.isEmpty {
      text += ", " + numbered(samples, "sample", of: place)
    } else if let place {
      text += ", " + place
    }
    if cause == .sample || cause == .target {
      return text + "; mend those samples, or leave them out"
    }
    if case .scale = cause { return text + "; set data.scale to their greatest, as 255 for bytes" }
    guard let learningRate else { return text }
    if !hasUpdated, !isUpdate {
      return text + "; the network is as model.init made it: either its start is too wide, or "
        + "data.scale leaves the samples too large"
    }
    return text
      + "; the learning rate is \(learningRate): too large a rate makes every step overshoot until "
      + "the numbers overflow, so try a tenth of it. The checkpoints of earlier steps stay"
  }
}

/// A worker's forward pass gave a loss that is not finite, somewhere in `samples`.
struct NonFiniteLoss: Error {
  let samples: [Int32]
}

extension Collection<Float> {
  /// The first element that is no finite number.
  var firstNonFinite: Float? { first { !$0.isFinite } }
}
