import Foundation
import Testing

@testable import SkeinData

@Suite struct DecimalReaderTests {
  /// Both ways to read a number: with bytes behind it that may be looked at, and without.
  static func read(_ text: String, decimal: Character = ".", behind: String = ",9e.-") -> [Double?]
  {
    let reader = DecimalReader(decimal: decimal.asciiValue ?? 0)
    let padded = Array((text + String(repeating: behind, count: 8)).utf8)
    let count = text.utf8.count
    return padded.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return [] }
      return [
        reader.readPadded(start, count: count),
        reader.read(UnsafeBufferPointer(start: start, count: count)),
      ]
    }
  }

  @Test(arguments: [
    "0", "-0", "+0", "7", "-7", "+7", "12", "1234567", "12345678", "123456789", "-1234567",
    "-12345678", "1234567890123456", "12345678901234567", "9007199254740993", "0.5", ".5", "-.5",
    "5.", "+.5", "0.1", "-0.39030", "1.2345678", "123456.7", "1234567.8", "0.0000001",
    "0.000000000000000000000000000001", "1e5", "1E5", "1e-5", "-1.5e+10", "1e22", "1e23",
    "1.7976931348623157e308", "5e-324", "4.35", "0.3", "2.675", "1.005", "179.99999999999997",
    "100000000000000000000", "0.30000000000000004", "9999999999999999", "999999999999999.9",
    "00000000000000000000000012.5", "123456789012345678901234567890.5e-20",
  ])
  func numbersAreRoundedCorrectly(text: String) throws {
    let expected = try #require(strtod(text, nil) as Double?)
    for found in Self.read(text) {
      #expect(found?.bitPattern == expected.bitPattern, "\(text): \(String(describing: found))")
    }
    let comma = text.replacing(".", with: ",")
    for found in Self.read(comma, decimal: ",", behind: ";1.") {
      #expect(found?.bitPattern == expected.bitPattern, "\(comma)")
    }
  }

  /// The system's own reading of random numbers of every length, sign and place of the point.
  @Test func randomNumbersAreThoseOfTheSystem() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      var text = (0..<Int.random(in: 1...20, using: &generator))
        .map { _ in String(Int.random(in: 0...9, using: &generator)) }.joined()
      if Bool.random(using: &generator) {
        let place = Int.random(in: 0...text.count, using: &generator)
        text.insert(".", at: text.index(text.startIndex, offsetBy: place))
      }
      text = ["", "-", "+"].randomElement(using: &generator)! + text
      if Int.random(in: 0...3, using: &generator) == 0 {
        text += "e\(Int.random(in: -30...30, using: &generator))"
      }
      let expected = strtod(text, nil)
      for found in Self.read(text) {
        #expect(found?.bitPattern == expected.bitPattern, "\(text): \(String(describing: found))")
      }
    }
  }

  @Test(arguments: [
    "", "-", "+", ".", "-.", "+.", "e", "e5", ".e5", "1e", "1e+", "1e5.0", "1..2", "1.2.3", "--1",
    "1-", "-+1", "a", "1a", "a1", "12345678a", "1,5", "0x10", "inf", "nan", "Infinity", "1 2",
    "1_000", "1e999", "-1e999", "١", "1/", "1:", "12345678901234567890x", "½",
  ])
  func whatIsNoNumberIsNone(text: String) {
    #expect(Self.read(text) == [nil, nil], "\(text)")
    #expect(Self.read(text, behind: "000000") == [nil, nil], "\(text)")
  }
}
