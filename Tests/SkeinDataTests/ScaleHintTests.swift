import SkeinData
import Testing

@Suite struct ScaleHintTests {
  struct Case: Sendable {
    let type: ElementType
    let least: Double
    let greatest: Double
    let scale: Double
    /// What data.scale should be; nil where it fits.
    let better: String?
  }

  @Test(arguments: [
    Case(type: .uint8, least: 0, greatest: 255, scale: 1, better: "255"),
    Case(type: .uint8, least: 0, greatest: 254, scale: 1, better: "255"),
    Case(type: .uint8, least: 0, greatest: 255, scale: 255, better: nil),
    Case(type: .uint8, least: 0, greatest: 255, scale: 128, better: nil),
    // Pixels of 4 bits, marks, counts, and lines of zeros and ones are small numbers.
    Case(type: .uint8, least: 0, greatest: 16, scale: 1, better: nil),
    Case(type: .uint8, least: 0, greatest: 17, scale: 1, better: "255"),
    Case(type: .uint8, least: 0, greatest: 1, scale: 1, better: nil),
    Case(type: .uint8, least: 0, greatest: 1, scale: 255, better: "1"),
    Case(type: .uint8, least: 0, greatest: 5, scale: 255, better: "5"),
    Case(type: .uint8, least: 0, greatest: 5, scale: 0.1, better: "5"),
    Case(type: .uint8, least: 0, greatest: 6, scale: 0.1, better: "255"),
    Case(type: .uint8, least: 0, greatest: 0, scale: 255, better: nil),
    Case(type: .uint8, least: 0, greatest: 255, scale: 1e30, better: "255"),
    Case(type: .int8, least: -128, greatest: 3, scale: 1, better: "128"),
    Case(type: .int16, least: -32768, greatest: 32767, scale: 255, better: "32768"),
    Case(type: .int32, least: 0, greatest: 70000, scale: 1, better: "70000"),
    Case(type: .float32, least: 0, greatest: 1, scale: 255, better: "1"),
    Case(type: .float32, least: 0, greatest: 1, scale: 1, better: nil),
    Case(type: .float32, least: -4, greatest: 30, scale: 1, better: nil),
    Case(type: .float64, least: 0, greatest: 1e6, scale: 1, better: "1000000"),
    Case(type: .float64, least: -1e30, greatest: 0, scale: 1, better: "1e+30"),
    Case(type: .float64, least: 0, greatest: 0.5, scale: 1e-45, better: "0.5"),
  ])
  func aScaleThatLeavesSamplesFarFromOneIsTold(_ expected: Case) {
    let text = ScaleHint.text(
      type: expected.type, least: expected.least, greatest: expected.greatest,
      scale: expected.scale)
    #expect((text == nil) == (expected.better == nil), "\(expected): \(text ?? "nothing")")
    if let text, let better = expected.better {
      let mended = ScaleHint.text(
        type: expected.type, least: expected.least, greatest: expected.greatest,
        scale: Double(better) ?? 0)
      #expect(mended == nil, "\(expected): \(mended ?? "")")
      #expect(text.hasSuffix("set data.scale to \(better)"), "\(text)")
    }
  }

  @Test func theHintSaysRangeAndScale() {
    let text = ScaleHint.text(type: .uint8, least: 0, greatest: 255, scale: 1)
    #expect(text?.hasPrefix("the samples are bytes from 0 to 255 and data.scale is 1,") == true)
  }
}
