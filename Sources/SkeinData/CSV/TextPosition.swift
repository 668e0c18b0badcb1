/// A place in a text file as editors count: lines and characters from 1 on.
struct TextPosition: Sendable, Equatable, CustomStringConvertible {
  var line: Int
  var column: Int

  /// The place behind `bytes`, which begin here. O(bytes).
  func advanced(over bytes: UnsafeBufferPointer<UInt8>) -> TextPosition {
    var place = self
    var previous: UInt8 = 0
    for byte in bytes {
      switch byte {
      case CSVFormat.lineFeed where previous == CSVFormat.carriageReturn: break
      case CSVFormat.lineFeed, CSVFormat.carriageReturn:
        place.line += 1
        place.column = 1
      // The further bytes of a character.
      case 0x80...0xBF: break
      default: place.column += 1
      }
      previous = byte
    }
    return place
  }

  /// `12:5`.
  var description: String { "\(line):\(column)" }
}
