import Foundation
import Testing

@testable import SkeinRecord
@testable import SkeinReport

/// Axes, numbers, pictures of pixels, and what a terminal shows.
@Suite struct DrawingTests {
  @Test(
    arguments: [
      (0.0, 0.83, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
      (77.6, 100, ["75", "80", "85", "90", "95", "100"]),
      (0, 0.00042, ["0", "0.0001", "0.0002", "0.0003", "0.0004", "0.0005"]),
      (0, 151_000, ["0", "20k", "40k", "60k", "80k", "100k", "120k", "140k", "160k"]),
      (-0.31, 0.4, ["−0.4", "−0.3", "−0.2", "−0.1", "0.0", "0.1", "0.2", "0.3", "0.4"]),
      (5, 5, ["4.4", "4.6", "4.8", "5.0", "5.2", "5.4", "5.6"]),
    ] as [(Double, Double, [String])])
  func ticksAreRound(low: Double, high: Double, labels: [String]) {
    let axis = Axis(values: [low, high], from: 0, to: 100)
    #expect(axis.ticks.map(axis.label) == labels)
    #expect(axis.place(axis.low) == 0 && axis.place(axis.high) == 100)
  }

  @Test(
    arguments: [
      [], [.nan], [0, 0], [-.greatestFiniteMagnitude, .greatestFiniteMagnitude],
      [.leastNonzeroMagnitude, .leastNormalMagnitude],
      [.infinity, 1], [1e308, 1.0000001e308],
    ] as [[Double]])
  func everyRangeHasAnAxis(values: [Double]) {
    for axis in [
      Axis(values: values, from: 0, to: 1), Axis(logarithmic: values, from: 0, to: 1),
      Axis(values: values, from: 0, to: 1, includingZero: true, isExact: true),
    ] {
      #expect(axis.low < axis.high && axis.ticks.count <= 51, "\(values)")
    }
  }

  @Test func numbers() {
    #expect(
      [0, 1.5, -0.004, 12.345, -7.1, .nan].map(SVG.number) == [
        "0", "1.5", "0", "12.35", "-7.1", "0",
      ])
    #expect(NumberFormat.grouped(235_146) == "235\u{2009}146" && NumberFormat.grouped(7) == "7")
    #expect([0.000_012_3, 1e12, -0.5].map(NumberFormat.short) == ["1.23e−5", "1e12", "−0.5"])
  }

  /// The picture is checked by Python's zlib in the page's tests; here are its parts.
  @Test func pngHasItsParts() {
    let png = PNG.encode([0, 128, 255, 7], width: 2, height: 2)
    #expect(Array(png[0..<8]) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    // Width, height, 8 bits, grey.
    #expect(Array(png[16..<29]) == [0, 0, 0, 2, 0, 0, 0, 2, 8, 0, 0, 0, 0])
    #expect(Array(png.suffix(8)) == Array("IEND".utf8) + [0xAE, 0x42, 0x60, 0x82])
  }

  private let line = ProgressLine(
    epoch: 3, epochs: 10, batch: 31, batches: 62, loss: 0.1633, accuracy: 0.955,
    samplesPerSecond: 81_234, secondsLeft: 72.2)

  @Test func theLineFitsEveryWidth() {
    for width in 0...200 {
      for hasBlocks in [true, false] {
        let text = line.text(width: width, style: .init(hasBlocks: hasBlocks, hasColour: false))
        #expect(text.count <= width, "\(width): \(text)")
      }
    }
    #expect(
      line.text(width: 100, style: .init(hasBlocks: true, hasColour: false))
        == "epoch 3/10  ███████████████···············  loss 0.1633  accuracy 95.5 %  1:13 left  "
        + "81 k samples/s")
    #expect(
      line.text(width: 44, style: .init(hasBlocks: false, hasColour: false))
        == "epoch 3/10  ####....  loss 0.1633  1:13 left")
    let narrow = line.text(width: 79, style: .init(hasBlocks: false, hasColour: false))
    #expect(narrow.hasSuffix("  1:13 left  81 k/s"), "\(narrow)")
    var first = line
    (first.samplesPerSecond, first.secondsLeft) = (.nan, nil)
    let unknown = first.text(width: 79, style: .init(hasBlocks: false, hasColour: false))
    #expect(unknown.hasSuffix("  accuracy 95.5 %"), "\(unknown)")
  }

  @Test func coloursTakeNoRoomAndAreClosed() {
    let plain = line.text(width: 90, style: .init(hasBlocks: true, hasColour: false))
    let coloured = line.text(width: 90, style: .init(hasBlocks: true, hasColour: true))
    let stripped = coloured.replacing(/\u{1B}\[\d+m/, with: "")
    #expect(stripped == plain)
    #expect(coloured.matches(of: /\u{1B}\[/).count == 4)
  }

  @Test func aCurveInCharacters() {
    let lines = TextCurve.lines([0, 1, 2, 3], width: 20, height: 2, hasBlocks: false) { "\($0)" }
    #expect(lines == ["3.0 |       ********", "0.0 |*******"])
    #expect(TextCurve.lines([1], width: 80, label: { "\($0)" }).isEmpty)
    #expect(TextCurve.lines([1, 2], width: 10, label: { "\($0)" }).isEmpty)
    #expect(TextCurve.lines([1, 1, 1], width: 80, label: { "\($0)" }).count == 6)
    #expect(TextCurve.lines([.nan, 1, .infinity, 2], width: 80, label: { "\($0)" }).count == 6)
  }

  @Test func planesFollowEachOther() {
    let plane: [Float] = [1, 2, -3, 1, 2, -3]
    let flipped = plane.enumerated().map { $0 % 2 == 0 ? -$1 : $1 }
    let networks = [plane, flipped].map { EpochRecord(epoch: 0, step: 0, layers: [], plane: $0) }
    #expect(networks.aligned().map(\.plane) == [plane, plane])
  }
}
