import Foundation
import Testing

@testable import SkeinRecord
@testable import SkeinReport

@Suite struct TensorBoardTests {
  /// RFC 3720, B.4, and the check values of both polynomials.
  @Test func checksums() {
    let digits = Array("123456789".utf8)
    #expect(CRC32.ieee.checksum(digits) == 0xCBF4_3926)
    #expect(CRC32.castagnoli.checksum(digits) == 0xE306_9283)
    #expect(CRC32.castagnoli.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32.castagnoli.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CRC32.castagnoli.checksum(0..<32) == 0x46DD_794E)
    #expect(CRC32.castagnoli.checksum((0..<32).reversed()) == 0x113F_DB5C)
  }

  /// TensorFlow's first record: `TFRecordWriter` frames b"abc" like this.
  @Test func aFrame() {
    let frame = RecordFraming.frame(Array("abc".utf8))
    #expect(frame.count == 16 + 3)
    #expect(Array(frame[0..<8]) == [3, 0, 0, 0, 0, 0, 0, 0])
    #expect(Array(frame[12..<15]) == Array("abc".utf8))
    #expect(RecordFraming.records(in: frame + frame) == [12..<15, 31..<34])
  }

  @Test func aTornOrDamagedTailIsSeen() throws {
    let first = RecordFraming.frame([1, 2, 3])
    let file = first + RecordFraming.frame([4, 5, 6, 7])
    for length in 0..<file.count {
      let records = RecordFraming.records(in: Array(file[..<length]))
      #expect(records == (length < first.count ? [] : [12..<15]), "\(length) bytes")
    }
    for bit in (8 * first.count)..<(8 * file.count) {
      var damaged = file
      damaged[bit / 8] ^= 1 << (bit % 8)
      #expect(RecordFraming.records(in: damaged) == [12..<15], "bit \(bit)")
    }
  }

  /// The bytes of TensorFlow's own `Event(wall_time=1, step=6,
  /// session_log=SessionLog(status=START))`.
  @Test func aSessionBegins() throws {
    let bytes = try Events.start(step: 6, time: 1)
    let range = try #require(RecordFraming.records(in: bytes).first)
    #expect(
      Array(bytes[range]) == [9, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 16, 6, 0x3A, 2, 8, 1])
    let event = try Tensorboard_Event(serializedBytes: Array(bytes[range]))
    #expect(event.step == 6 && event.sessionLog.status == .start)
  }

  @Test func eventsReadBack() throws {
    let bytes = try Events.histograms(
      [("h", Histogram(low: -1, high: 1, counts: [1, 3], sum: 2, sumOfSquares: 4))],
      step: 7, time: 0.5)
    let range = try #require(RecordFraming.records(in: bytes).first)
    let event = try Tensorboard_Event(serializedBytes: Array(bytes[range]))
    #expect(event.step == 7 && event.wallTime == 0.5)
    let histogram = event.summary.value[0].histo
    #expect(histogram.bucketLimit == [0, 1] && histogram.bucket == [1, 3])
    #expect(histogram.num == 4 && histogram.sumSquares == 4)
  }
}
