import Testing

@testable import SkeinReport

/// The line of an epoch on terminals of every width.
@Suite struct EpochLineTests {
  private static func line(
    _ epoch: Int, of epochs: Int, loss: Double, isEvaluated: Bool, speed: Double
  ) -> EpochLine {
    EpochLine(
      epoch: epoch, epochs: epochs, trainLoss: loss, trainAccuracy: 1,
      testLoss: isEvaluated ? loss : nil, testAccuracy: isEvaluated ? 0.938 : nil,
      samplesPerSecond: speed)
  }

  @Test func itFitsEveryWidth() {
    for width in 20...200 {
      for (epoch, epochs) in [(1, 3), (10, 10), (99_999, 1_000_000)] {
        for loss in [0, 0.2593, 12345.6, 1.8e16, .nan, -.infinity] {
          for isEvaluated in [false, true] {
            let text = Self.line(
              epoch, of: epochs, loss: loss, isEvaluated: isEvaluated, speed: 265_283
            ).text(width: width)
            for line in text.split(separator: "\n") {
              #expect(line.count <= width, "\(width): \(line)")
            }
            #expect(!isEvaluated || text.contains("93.8 %"), "\(width): \(text)")
          }
        }
      }
    }
  }

  @Test func eightyColumnsHoldAllOfIt() {
    let line = Self.line(10, of: 10, loss: 0.2593, isEvaluated: true, speed: 265_283)
    #expect(
      line.text(width: 80)
        == "epoch 10/10  loss 0.2593, test 0.2593  accuracy 100.0 %, test 93.8 %  265 k/s")
    #expect(line.text(width: 100).hasSuffix("  265 k samples/s"))
    #expect(
      line.text(width: 40)
        == "epoch 10/10  loss 0.2593, test 0.2593\n  accuracy 100.0 %, test 93.8 %  265 k/s")
    #expect(
      line.text(width: 20)
        == "epoch 10/10\n  loss 0.2593\n  test 0.2593\n  accuracy 100.0 %\n  test 93.8 %\n  265 k/s"
    )
  }

  @Test func aNarrowLiveLineKeepsItsNumbersWhole() {
    for width in 0...60 {
      let text = ProgressLine(
        epoch: 123_456, epochs: 1_000_000, batch: 1, batches: 2, loss: 1.8e16, accuracy: 0.1,
        samplesPerSecond: 5, secondsLeft: nil
      ).text(width: width, style: .init(hasBlocks: false, hasColour: false))
      #expect(text.count <= width)
      let isWhole = text.isEmpty || text.contains("123456/1000000") || text == "123456"
      #expect(isWhole, "\(width): \(text)")
    }
  }
}
