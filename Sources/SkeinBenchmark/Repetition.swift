/// The results of one repetition of a measurement.
struct Repetition: Sendable {
  /// Samples per step.
  var batchSize: Int
  /// Batch shards per step.
  var batchShards: Int
  /// How many steps were timed.
  var steps: Int
  /// The speed of training.
  var samplesPerSecond: Double
  /// Where the workers' time went.
  var shares: TimeShares
  /// Operations per second that the workers can do: see `FMAPeak`.
  var peak: Double
  /// Where the workers ran.
  var placement: String
}
