import SkeinFiles
import Testing

/// Hashing beside the thread that reads. Under the thread sanitizer too: `make tsan`.
@Suite(.timeLimit(.minutes(5))) struct HashThreadTests {
  private static let bytes = (0..<70_001).map { UInt8(truncatingIfNeeded: $0 * 31 + $0 / 251) }

  @Test(arguments: [1, 63, 64, 997, 65_536, 70_001])
  func piecesGiveTheHashOfTheWhole(size: Int) throws {
    let (thread, hash) = (try HashThread(), SHA256())
    // Two buffers in turn, each written again as soon as that is allowed.
    var buffers = [[UInt8](repeating: 0, count: size), [UInt8](repeating: 0, count: size)]
    try buffers.withUnsafeMutableBufferPointer { buffers in
      for (turn, start) in stride(from: 0, to: Self.bytes.count, by: size).enumerated() {
        let piece = Self.bytes[start..<min(start + size, Self.bytes.count)]
        try buffers[turn % 2].withUnsafeMutableBytes { buffer in
          buffer.copyBytes(from: piece)
          let filled = UnsafeRawBufferPointer(rebasing: buffer[..<piece.count])
          thread.append(try #require(filled.isEmpty ? nil : filled), to: hash)
        }
      }
      thread.settle()
    }
    #expect(hash.hexadecimal == SHA256.hexadecimal(of: Self.bytes))
  }

  @Test func oneHashAfterTheOther() throws {
    let thread = try HashThread()
    Self.bytes.withUnsafeBytes { bytes in
      for length in [0, 1, 64, 70_000, 5] {
        let hash = SHA256()
        thread.append(UnsafeRawBufferPointer(rebasing: bytes[..<length]), to: hash)
        thread.settle()
        thread.settle()
        #expect(hash.hexadecimal == SHA256.hexadecimal(of: Array(bytes[..<length])))
      }
    }
  }

  /// Its end waits for the piece: the bytes may go away after it.
  @Test func theLastPieceIsHashedToTheEnd() throws {
    for _ in 0..<100 {
      let hash = SHA256()
      try Self.bytes.withUnsafeBytes { bytes in
        var thread: HashThread? = try HashThread()
        thread?.append(bytes, to: hash)
        thread = nil
      }
      #expect(hash.hexadecimal == SHA256.hexadecimal(of: Self.bytes))
    }
  }
}
