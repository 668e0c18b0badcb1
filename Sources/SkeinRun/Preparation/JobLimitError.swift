import SkeinFiles

/// A job whose keys are valid, but which cannot be trained on this machine or with this dataset.
/// The command line ends with exit code 2.
public enum JobLimitError: ExitCoded, Sendable, CustomStringConvertible {
  /// Training would need more bytes than the machine has. `largestPart` names the part that takes
  /// most of them.
  case memory(needed: Double, available: Double, largestPart: String)
  /// An epoch would have no batch.
  case noBatch(samples: Int, batchSize: Int)

  /// `data.validation` keeps no sample, or all of them.
  case noValidation(samples: Int, part: Double)

  /// The exit code of the command line for this error.
  public var exitCode: Int32 { 2 }

  /// What is too much, and what to change, in one line.
  public var description: String {
    switch self {
    case .memory(let needed, let available, let part):
      return "training would need \(binarySize(needed)) of memory, and this machine has "
        + "\(binarySize(available)); most of it is for the \(part): choose fewer or narrower "
        + "layers (model.hidden), smaller batches or fewer batch shards"
    case .noBatch(let samples, let batchSize):
      return "training.dropLast leaves no batch: there are "
        + "\(counted(samples, "sample")) to train on, and "
        + "training.batchSize is \(batchSize)"
    case .noValidation(let samples, let part):
      return "data.validation is \(part), and the training split has "
        + "\(counted(samples, "sample")): that leaves none to validate with, or none to train on; "
        + "choose another part"
    }
  }
}
