import SkeinData

/// A worker failed: which one, at what, and why. The command line ends with exit code 7.
///
/// The other workers go on only with items in front of the failed one, and the step that was under way changes nothing.
public struct WorkerError: Error, Sendable, CustomStringConvertible {
  public static let exitCode: Int32 = 7

  /// From 0.
  public let worker: Int
  /// What the worker was at, as "batch shard 3".
  public let item: String
  /// The row numbers of the samples that it worked on.
  public let samples: [Int32]
  /// What went wrong.
  public let underlying: any Error

  public var description: String {
    "worker \(worker) failed at \(item), samples \(SampleList.text(samples)): "
      + "\(underlying)".printable(limit: 1000)
  }
}

/// Row numbers in messages.
enum SampleList {
  /// The first eight, and how many there are.
  static func text(_ samples: [Int32]) -> String {
    samples.prefix(8).map(String.init).joined(separator: ", ")
      + (samples.count > 8 ? ", … (\(samples.count) in all)" : "")
  }
}
