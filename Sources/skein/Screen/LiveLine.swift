import Synchronization

/// The one line of the terminal that changes while work goes on. Everything that shows progress
/// uses it.
enum LiveLine {
  /// The stream on which the line is shown.
  private enum Place: UInt8, AtomicRepresentable {
    case none, output, errors
  }

  private static let place = Atomic(Place.none)

  /// Shows `text` in place of the previous line.
  static func show(_ text: String, onErrors: Bool) {
    let before = place.exchange(onErrors ? .errors : .output, ordering: .relaxed)
    if before == (onErrors ? .output : .errors) { erase(before) }
    (onErrors ? TextStream.errors : TextStream.output).write("\r\u{1B}[K" + text)
  }

  /// Removes the line, so that other text can be written.
  static func clear() { erase(place.exchange(.none, ordering: .relaxed)) }

  private static func erase(_ place: Place) {
    switch place {
    case .none: break
    case .output: TextStream.output.write("\r\u{1B}[K")
    case .errors: TextStream.errors.write("\r\u{1B}[K")
    }
  }
}
