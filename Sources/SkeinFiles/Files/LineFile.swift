import Glibc

/// Reads a file of lines piece by piece, whatever its size.
package enum LineFile {
  /// The longest line in bytes. An epoch's numbers, with those of 240 workers, take 40 KiB.
  package static let longestLine = 1 << 20

  /// Why a file was not read to its end.
  package enum Failure: Error, Equatable {
    case file(WholeFile.Failure)
    /// Line `number`, from 1, is longer than any may be.
    case longLine(number: Int)
  }

  /// Calls `body` with each line of the file at `path`, without its line end, and with its number,
  /// from 1; `isWhole` is false for a last line without a line end. Empty lines count, and are left
  /// out. Memory: a piece of the file and a line.
  ///
  /// - Throws: `Failure`, and what `body` throws.
  package static func forEach(
    _ path: String, _ body: (_ line: [UInt8], _ number: Int, _ isWhole: Bool) throws -> Void
  ) throws {
    // A pipe or a device in its place is refused here.
    do { _ = try WholeFile.prefix(path, 0) } catch { throw Failure.file(error) }
    let file: Int32
    do { file = try WholeFile.open(path, followsLinks: false) } catch { throw Failure.file(error) }
    defer { close(file) }
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    var line: [UInt8] = []
    var number = 1
    while true {
      let count = piece.withUnsafeMutableBytes { buffer in
        uninterrupted { read(file, buffer.baseAddress, buffer.count) }
      }
      guard count >= 0 else { throw Failure.file(.system(errno)) }
      if count == 0 { break }
      var rest = piece[..<count]
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        line += rest[..<end]
        rest = rest[(end + 1)...]
        guard line.count <= longestLine else { throw Failure.longLine(number: number) }
        if !line.isEmpty { try body(line, number, true) }
        line.removeAll(keepingCapacity: true)
        number += 1
      }
      line += rest
      guard line.count <= longestLine else { throw Failure.longLine(number: number) }
    }
    if !line.isEmpty { try body(line, number, false) }
  }
}
