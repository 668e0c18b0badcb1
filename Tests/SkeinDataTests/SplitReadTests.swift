import Testing

@testable import SkeinData
@testable import SkeinKernels

@Suite struct SplitReadTests {
  @Test func everyTypeAndSizeEqualsTheNaiveLoop() {
    for size in [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 784] {
      check((0..<(9 * size)).map { UInt8(truncatingIfNeeded: $0 * 89) }, size)
      check((0..<(9 * size)).map { Int8(truncatingIfNeeded: $0 * 89) }, size)
      check((0..<(9 * size)).map { Int16(truncatingIfNeeded: $0 * 7919) }, size)
      check((0..<(9 * size)).map { Int32(truncatingIfNeeded: $0 * 479_001_599) }, size)
      check((0..<(9 * size)).map { Float($0) * -0.37 }, size)
      check((0..<(9 * size)).map { Double($0) * 1e-3 - 2 }, size)
    }
  }

  private func check<Element: SampleElement>(_ elements: [Element], _ size: Int) {
    let labels: [Int32] = (0..<9).map { $0 * 5 % 7 }
    let split = Split(
      name: "test", sampleShape: [size], classCount: 7, samples: elements, labels: labels)
    for rows: [Int32] in [[], [0], [8], [3, 3, 3], [8, 0, 4, 4, 1], Array(0..<9)] {
      for scale: Float in [1, 2, 255, 0.1, -3] {
        let (samples, found) = split.samplesAndLabels(rows, scale: scale)
        let expected = rows.flatMap { row in
          (0..<size).map { elements[Int(row) * size + $0].floatValue / scale }
        }
        #expect(samples == expected, "\(Element.self) size \(size) rows \(rows) scale \(scale)")
        #expect(found == rows.map { labels[Int($0)] })
      }
    }
    for row in 0..<9 {
      #expect(split.stored(row) == split.samplesAndLabels([Int32(row)], scale: 1).samples)
      #expect(split.label(at: row) == labels[row])
    }
  }

  @Test func bytesAreDividedLikeInPyTorch() {
    // torch.arange(256, dtype=torch.uint8).float() / 255, at 3, 43 and 254: hex of the Floats.
    let split = Split(
      name: "test", sampleShape: [256], classCount: 1, samples: [UInt8](0...255), labels: [0])
    let values = split.samplesAndLabels([0], scale: 255).samples
    #expect([3, 43, 254].map { values[$0].bitPattern } == [0x3c40_c0c1, 0x3e2c_acad, 0x3f7e_feff])
  }

  /// A release build, too, says which value was wrong.
  @Test func misuseStopsTheProgram() async {
    let rowBeyond = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = SplitReadTests.one.samplesAndLabels([1], scale: 1)
    }
    expect(rowBeyond, says: "row 1 of 1")
    let rowBelow = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = SplitReadTests.one.samplesAndLabels([-1], scale: 1)
    }
    expect(rowBelow, says: "row -1 of 1")
    let scale = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = SplitReadTests.one.samplesAndLabels([0], scale: 0)
    }
    expect(scale, says: "scale 0.0")
    let label = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Split(
        name: "t", sampleShape: [1], classCount: 1, samples: [1] as [UInt8], labels: [1])
    }
    expect(label, says: "label 1 of 1 classes")
  }

  private func expect(
    _ result: ExitTest.Result?, says message: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      text.contains(message), "\(message) is not in: \(text)", sourceLocation: sourceLocation)
  }

  static let one = Split(
    name: "t", sampleShape: [1], classCount: 1, samples: [1] as [UInt8], labels: [0])
}

extension SplitReadTests {
  /// Every byte, every scale that skips the division: the division's bits.
  @Test func byteScalesAreExact() {
    let bytes = (0...255).map { UInt8($0) }
    var quotients = [Float](repeating: 0, count: 256)
    for number in 1...4096 {
      let scale = Float(number)
      #expect(ByteScale.isExact(scale))
      [0].withUnsafeBufferPointer {
        ByteScale(scale).apply(bytes, of: 1, width: 256, rows: $0, next: $0, to: &quotients)
      }
      let expected = bytes.map { Float($0) / scale }
      #expect(quotients == expected, "scale \(number)")
    }
    for scale: Float in [0, 0.5, 254.5, 4097, -1, .nan, .infinity] {
      #expect(!ByteScale.isExact(scale))
    }
  }

  /// Asking ahead touches every byte of the rows asked for, and no line of a row that is none: its
  /// address would be anywhere.
  @Test func rowsOutOfBoundsAreNotAskedFor() {
    for size in [1, 7, 63, 64, 65, 784] {
      func lines(_ rows: [Int32]) -> [Int] {
        var lines: [Int] = []
        for row in rows {
          RowLoops.forEachLine(of: row, of: 53, rowBytes: size) { lines.append($0) }
        }
        return lines
      }
      for row: Int32 in [-1, 53, 54, .max, .min] { #expect(lines([row]).isEmpty, "row \(row)") }
      for row: Int32 in [0, 1, 26, 52] {
        let (start, found) = (Int(row) * size, lines([row]))
        // Wherever the samples begin within a line, every byte lies in a line that was asked for.
        for base in 0..<64 {
          let wanted = Set((start..<(start + size)).map { ($0 + base) / 64 })
          #expect(wanted.isSubset(of: Set(found.map { ($0 + base) / 64 })), "row \(row)")
        }
        #expect(found.allSatisfy { (start..<(start + size + 63)).contains($0) })
      }
      #expect(lines([-1, 0, 52, 53]) == lines([0]) + lines([52]))
    }
  }
}
