import Testing

@testable import SkeinData

@Suite struct AheadStreamTests {
  /// Samples 0, 1, 2, … of two bytes, of which one cannot be read.
  private struct Counting: SampleStream {
    let count: Int
    var broken: Int?
    var outputs: Int?
    let sample = Manifest.Sample(shape: [2], type: .uint8)
    let name = "counting"
    var position = 0

    mutating func next(samples: UnsafeMutableRawBufferPointer, targets: TargetMemory) throws {
      for index in 0..<(samples.count / 2) {
        if position == broken { throw DataError("counting", expected: "a sample", found: "none") }
        samples[2 * index] = UInt8(truncatingIfNeeded: position)
        samples[2 * index + 1] = UInt8(truncatingIfNeeded: position >> 8)
        switch targets.kind {
        case .labels(let labels): labels[index] = Int32(position)
        case .values(let values):
          for output in 0..<(outputs ?? 1) {
            values[index * (outputs ?? 1) + output] = Float(position * 10 + output)
          }
        }
        position += 1
      }
    }

    mutating func finish() throws {
      if position != count {
        throw DataError("counting", expected: "\(count)", found: "\(position)")
      }
    }
  }

  private func read(
    _ stream: inout AheadStream<Counting>, by step: Int
  ) throws -> (bytes: [UInt8], labels: [Int32]) {
    var (bytes, labels) = ([UInt8](), [Int32]())
    for first in stride(from: 0, to: stream.count, by: step) {
      let rows = min(step, stream.count - first)
      var (piece, own) = (
        [UInt8](repeating: 0, count: 2 * rows), [Int32](repeating: 0, count: rows)
      )
      try piece.withUnsafeMutableBytes { piece in
        try own.withUnsafeMutableBufferPointer {
          try stream.next(samples: piece, targets: .labels($0))
        }
      }
      bytes += piece
      labels += own
    }
    return (bytes, labels)
  }

  /// Whatever the pieces on both sides, it is the stream behind it.
  @Test func samplesComeInTheirOrder() throws {
    for count in [1, 2, 10, 1000] {
      for piece in [1, 3, 64, 2000] {
        for step in [1, 7, 999] {
          var stream = AheadStream(Counting(count: count), piece: piece)
          let (bytes, labels) = try read(&stream, by: step)
          let numbers = Array(0..<Int32(count))
          let expected: [UInt8] = numbers.flatMap { number -> [UInt8] in
            [UInt8(number & 255), UInt8(number >> 8)]
          }
          #expect(labels == numbers, "\(count), \(piece), \(step)")
          #expect(bytes == expected, "\(count), \(piece), \(step)")
          try stream.finish()
          #expect(stream.base().position == count)
        }
      }
    }
  }

  @Test func valuesComeToo() throws {
    let stream = AheadStream(Counting(count: 5, outputs: 2), piece: 2)
    var (bytes, values) = ([UInt8](repeating: 0, count: 10), [Float](repeating: 0, count: 10))
    try bytes.withUnsafeMutableBytes { bytes in
      try values.withUnsafeMutableBufferPointer {
        try stream.next(samples: bytes, targets: .values($0))
      }
    }
    #expect(values == [0, 1, 10, 11, 20, 21, 30, 31, 40, 41])
  }

  /// A fault arrives where the samples before it have all come, and stays.
  @Test func faultsArrive() throws {
    for broken in [0, 5, 63, 64, 999] {
      var stream = AheadStream(Counting(count: 1000, broken: broken), piece: 64)
      for _ in 0..<2 {
        #expect(throws: DataError.self) { _ = try read(&stream, by: 10) }
      }
    }
  }

  /// One that is let go of in the middle ends its thread.
  @Test func nobodyWaitsForWhatIsNotWanted() {
    for _ in 0..<50 { _ = AheadStream(Counting(count: 100_000), piece: 16) }
    for _ in 0..<50 { _ = AheadStream(Counting(count: 100_000), piece: 16).base() }
  }
}
