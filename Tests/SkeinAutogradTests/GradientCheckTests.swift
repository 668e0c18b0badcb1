import SkeinTestSupport
import Testing

@testable import SkeinAutograd

/// Every op against central differences: an oracle that shares nothing with PyTorch.
@Suite struct GradientCheckTests {
  /// Inputs of the case's shapes whose magnitudes lie in [0.5, 1.5]: away from the kinks at 0, from
  /// poles and from saturation. For a maximum, numbers further apart than the differences' steps.
  /// For errors with kinks, predictions that are no multiple of 0.25 away from their targets.
  private func moderate(_ golden: OpCase) -> [GradientChecker.Input] {
    golden.inputs.enumerated().map { number, input in
      let values = input.values.enumerated().map { i, x -> Float in
        if golden.op == "max" { return Float(i * 7 % 29) * 0.25 - 3 }
        if number < 2, ["meanAbsoluteError", "huber"].contains(golden.op) {
          return number == 0 ? Float(i * 7 % 29) * 0.25 - 3 : Float(i * 5 % 13) * 0.25 - 1.4
        }
        let size = 0.5 + min(abs(x), 4) / 4
        return x < 0 ? -size : size
      }
      return (values, Shape(input.shape))
    }
  }

  @Test func everyOpAgreesWithCentralDifferences() throws {
    for (number, golden) in try Golden<OpCase>("ops.json").cases.enumerated() {
      let found = GradientChecker().mismatches(moderate(golden)) { tape, inputs in
        guard let output = golden(inputs) else {
          Issue.record("case \(number): no op for \(golden)")
          return inputs[0]
        }
        return output
      }
      #expect(found.map(\.description) == [], "case \(number): \(golden), \(golden.attributes)")
    }
  }

  /// y = x³ with a slope that is wrong by `factor`.
  private struct WrongCube: UnaryOperation {
    static let name = "wrongCube"
    let factor: Float
    func value(_ x: Float) -> Float { x * x * x }
    func slope(_ x: Float, _ y: Float) -> Float { 3 * x * x * factor }
  }

  @Test(arguments: [-1, 0, 0.5, 0.99, 1.01, Float.nan])
  func aWrongSlopeIsRejected(factor: Float) {
    let found = GradientChecker().mismatches([([0.7, -1.2, 1.4], [3])]) { tape, x in
      tape.record(WrongCube(factor: factor), [x[0]])
    }
    #expect(found.map(\.element) == [0, 1, 2], "factor \(factor)")
  }

  @Test func theRightSlopeIsAccepted() {
    let found = GradientChecker().mismatches([([0.7, -1.2, 1.4], [3])]) { tape, x in
      tape.record(WrongCube(factor: 1), [x[0]])
    }
    #expect(found.map(\.description) == [])
  }

  /// y = 2x whose backward pass hands the gradient to the neighbour: the sum of it is right.
  private struct Rotated: SkeinAutograd.Operation {
    static let name = "rotated"
    func resultShape(_ operands: [Shape]) -> Shape { operands[0] }
    func forward(_ frame: Frame) {
      let (x, y) = (frame.operand(0), frame.result)
      for i in 0..<y.count { y[i] = 2 * x[i] }
    }
    func backward(_ frame: Frame) {
      let dy = frame.resultGradient
      frame.gradient(0)?.add { 2 * dy[($0 + 1) % dy.count] }
    }
  }

  @Test func aGradientAtTheWrongPlaceIsRejected() {
    let found = GradientChecker().mismatches([([1, 2, 3, 4], [4])]) { tape, x in
      tape.record(Rotated(), [x[0]])
    }
    #expect(found.count == 4)
  }
}
