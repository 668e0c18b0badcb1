/// Computations that are recorded once for each number of rows, as row counts come up: a full batch
/// and an uneven last one give at most four different ones.
///
/// Belongs to one worker at a time.
final class Recordings<Recording> {
  private let record: (_ rows: Int) -> Recording
  private var recorded: [Int: Recording] = [:]

  /// - Parameter record: records the computation for a number of rows.
  init(_ record: @escaping (_ rows: Int) -> Recording) { self.record = record }

  /// The one for `rows` rows, made the first time.
  func recording(rows: Int) -> Recording {
    if let known = recorded[rows] { return known }
    let recording = record(rows)
    recorded[rows] = recording
    return recording
  }
}
