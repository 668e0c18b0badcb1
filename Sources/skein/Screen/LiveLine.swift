import SkeinConfig
import Synchronization

/// The one line on the terminal that is written over as work goes on, whoever shows it.
enum LiveLine {
  private enum Place: UInt8, AtomicRepresentable {
    case none, output, errors
  }

  private static let place = Atomic(Place.none)

  /// Shows `text` in place of the line before it.
  static func show(_ text: String, onErrors: Bool) {
    let before = place.exchange(onErrors ? .errors : .output, ordering: .relaxed)
    if before == (onErrors ? .output : .errors) { erase(before) }
    (onErrors ? TextStream.errors : TextStream.output).write("\r\u{1B}[K" + text)
  }

  /// Takes the line away, for another text.
  static func clear() { erase(place.exchange(.none, ordering: .relaxed)) }

  private static func erase(_ place: Place) {
    switch place {
    case .none: break
    case .output: TextStream.output.write("\r\u{1B}[K")
    case .errors: TextStream.errors.write("\r\u{1B}[K")
    }
  }
}
