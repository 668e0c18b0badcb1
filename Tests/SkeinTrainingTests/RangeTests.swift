import SkeinData
import Testing

@testable import SkeinRun

/// Values that a network was not trained on.
@Suite struct RangeTests {
  private enum Kind { case fits, odd, refused }

  private struct Case {
    let trained: (ElementType, Float?, Float?, Float)
    let given: (ElementType, Double, Double)
    let kind: Kind
  }

  private static let cases = [
    // Bytes, as trained on, and as other types.
    Case(trained: (.uint8, 0, 255, 255), given: (.uint8, 0, 255), kind: .fits),
    Case(trained: (.uint8, 0, 255, 255), given: (.float32, 0, 255), kind: .fits),
    Case(trained: (.uint8, 0, 255, 255), given: (.int32, 0, 17), kind: .fits),
    // Already divided, or normalised.
    Case(trained: (.uint8, 0, 255, 255), given: (.float32, 0, 1), kind: .refused),
    Case(trained: (.uint8, 0, 255, 255), given: (.float64, -0.5, 0.5), kind: .refused),
    Case(trained: (.float32, 0, 255, 255), given: (.float32, 0, 0.99), kind: .refused),
    Case(trained: (.uint8, 0, 16, 16), given: (.float32, 0, 1), kind: .refused),
    // Unknown, as in older runs: the scale tells.
    Case(trained: (.uint8, nil, nil, 255), given: (.float32, 0, 1), kind: .refused),
    Case(trained: (.uint8, nil, nil, 1), given: (.uint8, 0, 1), kind: .fits),
    Case(trained: (.float32, nil, nil, 1), given: (.uint8, 0, 255), kind: .fits),
    // Not divided.
    Case(trained: (.float32, 0, 1, 1), given: (.uint8, 0, 255), kind: .refused),
    Case(trained: (.uint8, 0, 1, 1), given: (.uint8, 0, 255), kind: .refused),
    Case(trained: (.float32, -0.4, 2.8, 1), given: (.float32, 0, 255), kind: .refused),
    // A black picture tells nothing, and one of few greys little.
    Case(trained: (.uint8, 0, 255, 255), given: (.float32, 0, 0), kind: .fits),
    Case(trained: (.uint8, 0, 255, 255), given: (.uint8, 0, 1), kind: .odd),
    Case(trained: (.uint8, 0, 255, 255), given: (.uint8, 0, 15), kind: .odd),
    Case(trained: (.uint8, 0, 255, 255), given: (.uint8, 0, 16), kind: .fits),
    Case(trained: (.float32, -3, 6, 1), given: (.float32, -3e-6, 6e-6), kind: .odd),
    // Normalised by mean and deviation, moved to both sides of 0, turned around.
    Case(trained: (.uint8, 0, 255, 255), given: (.float32, -0.43, 2.83), kind: .refused),
    Case(trained: (.uint8, 0, 255, 255), given: (.float32, -1, 1), kind: .refused),
    Case(trained: (.uint8, 0, 255, 255), given: (.float32, 0, 1.5), kind: .refused),
    Case(trained: (.uint8, 0, 255, 255), given: (.int8, -128, 127), kind: .odd),
    Case(trained: (.uint8, 0, 255, 255), given: (.float32, -255, 0), kind: .odd),
    Case(trained: (.float32, 0, 1, 1), given: (.int16, -1, 0), kind: .odd),
    Case(trained: (.float32, 0, 1, 1), given: (.float32, -0.01, 1), kind: .fits),
    // Beyond, but not by another scale.
    Case(trained: (.uint8, 0, 255, 255), given: (.int16, 0, 510), kind: .fits),
    Case(trained: (.uint8, 0, 255, 255), given: (.int16, 0, 511), kind: .odd),
    Case(trained: (.float32, -1, 1, 1), given: (.float32, -3.5, 0), kind: .odd),
    Case(trained: (.float32, -1, 1, 1), given: (.float32, -3, 3), kind: .fits),
    Case(trained: (.float32, 0, 0, 1), given: (.float32, 0, 9), kind: .fits),
    Case(trained: (.float32, 3, -3, 1), given: (.float32, 0, 900), kind: .fits),
  ]

  @Test func theTableHolds() {
    for (number, row) in Self.cases.enumerated() {
      let data = RunData(
        dataset: "d", identity: "i", classes: ["a"], shape: [2], type: row.trained.0,
        scale: row.trained.3, least: row.trained.1, greatest: row.trained.2)
      let verdict = data.verdict(type: row.given.0, least: row.given.1, greatest: row.given.2)
      let kind: Kind =
        switch verdict {
        case .fits: .fits
        case .odd: .odd
        case .otherScale: .refused
        }
      #expect(kind == row.kind, "row \(number): \(verdict)")
    }
  }

  @Test func bothRangesAndTheWayOutAreSaid() {
    let data = RunData(
      dataset: "d", identity: "i", classes: ["a"], shape: [2], type: .uint8, scale: 255,
      least: 0, greatest: 255)
    guard
      case .otherScale(let expected, let found, let advice) =
        data.verdict(type: .float32, least: 0, greatest: 1)
    else {
      Issue.record("not refused")
      return
    }
    #expect(expected.contains("0…255") && found == "float32 0…1")
    #expect(advice.contains("multiply them by 255") && advice.contains("--allow-changes"))
  }
}
