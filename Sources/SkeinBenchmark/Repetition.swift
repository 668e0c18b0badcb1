/// What one repetition of a measurement found.
struct Repetition: Sendable {
  var batchSize: Int
  var batchShards: Int
  var steps: Int
  var samplesPerSecond: Double
  /// Of the workers' time.
  var shares: TimeShares
  /// Operations per second that the workers can do.
  var peak: Double
}
