import SkeinFiles

/// A worker failed: which one, at what, and why. The command line ends with exit code 7.
///
/// The other workers go on only with items in front of the failed one, and the step that was under
/// way changes nothing.
public struct WorkerError: ExitCoded, Sendable, CustomStringConvertible {
  /// The exit code of the command line for this error.
  public var exitCode: Int32 { 7 }

  /// From 0; in words from 1, as where a worker cannot be started.
  public let worker: Int
  /// What the worker was at, as "batch shard 3 of 4", counted from 1.
  public let item: String
  /// The row numbers of the samples that it worked on.
  public let samples: [Int32]
  /// What went wrong.
  public let underlying: any Error

  /// An error that says where `underlying` came up; see the properties.
  package init(worker: Int, item: String, samples: [Int32], underlying: any Error) {
    self.worker = worker
    self.item = item
    self.samples = samples
    self.underlying = underlying
  }

  /// `worker 2 failed at batch shard 3 of 4, samples 5, 6: …`, in one line.
  public var description: String {
    "worker \(worker + 1) failed at \(item), \(numbered(samples, "sample")): "
      + "\(underlying)".printable(limit: 1000)
  }
}
