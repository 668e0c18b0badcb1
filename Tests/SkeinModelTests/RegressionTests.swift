import SkeinAutograd
import SkeinData
import Testing

@testable import SkeinModel

/// Losses, scores and errors of values, against the textbook's formulas.
@Suite struct RegressionTests {
  private let targets = ValueTargets(names: ["a", "b"], mean: [10, -2], deviation: [4, 0.5])
  private let outputs: [Float] = [0.5, -1, 2, 0.25, -3, 1.5]
  private let values: [Float] = [0, 1, 2, -0.25, 1, 1.25]

  private func tensors() -> (outputs: Tensor, target: Target) {
    let tape = Tape()
    return (
      tape.variable(outputs, shape: [3, 2]), .values(tape.constant(values, shape: [3, 2]))
    )
  }

  @Test func lossesAreMeansOverOutputs() {
    func expected(_ loss: (Float) -> Float) -> [Float] {
      (0..<3).map { row -> Float in
        let first = loss(outputs[2 * row] - values[2 * row])
        let second = loss(outputs[2 * row + 1] - values[2 * row + 1])
        return (first + second) / 2
      }
    }
    func square(_ d: Float) -> Float { d * d }
    func size(_ d: Float) -> Float { abs(d) }
    func huber(_ d: Float) -> Float { abs(d) <= 1 ? d * d / 2 : abs(d) - 0.5 }
    let table: [(Loss, (Float) -> Float)] = [
      (.meanSquaredError, square), (.meanAbsoluteError, size), (.huber, huber),
    ]
    for (loss, formula) in table {
      let (outputs, target) = tensors()
      #expect(Regression(loss, targets).losses(outputs, target).values == expected(formula))
    }
  }

  @Test func scoresAndErrorsAreInTheTargetsUnits() throws {
    let (outputs, target) = tensors()
    let objective = Regression(.huber, targets)
    #expect(objective.scores(outputs).values == [12, -2.5, 18, -1.875, -2, -1.25])
    let errors = try #require(objective.metrics(outputs, target)[.absoluteError])
    let expected: [Float] = [1.5, 0.125, 8.0625]
    #expect(errors.values == expected)
    let raw = Regression(.huber, ValueTargets(names: ["a", "b"]))
    #expect(raw.scores(outputs).values == self.outputs)
    #expect(raw.metrics(outputs, target)[.absoluteError]?.values == [1.25, 0.25, 2.125])
  }

  @Test func aLossFitsItsTargets() {
    #expect(
      Loss.allCases.filter { $0.fits(.values(1)) }.map(\.rawValue)
        == ["meanSquaredError", "meanAbsoluteError", "huber"])
    #expect(Loss.allCases.filter { $0.fits(.classes(2)) }.count == 4)
    #expect(Loss.standard(for: .values(3)) == .meanSquaredError)
    #expect(Loss.standard(for: .classes(3)) == .crossEntropy)
    #expect(LossOptions.huber.objective(for: .values(2), values: nil).values?.names.count == 2)
    #expect(LossOptions.crossEntropy.objective(for: .classes(2), values: nil).values == nil)
  }

  @Test func anIgnorantNetworkSaysTheMean() {
    let values: [Float] = [1, 5, 2, 8]
    let targets = ValueTargets(names: ["v"], mean: [4], deviation: [2.5])
    let split = Split(
      name: "s", sampleShape: [1], samples: [0, 0, 0, 0] as [UInt8], values: values,
      targets: targets)
    let standard: [Double] = values.map { (Double($0) - 4) / 2.5 }
    func near(_ loss: Loss, _ expected: Double) -> Bool {
      abs(Double(Regression(loss, targets).lossOfIgnorance(split.scaled(by: 1))) - expected) < 1e-6
    }
    #expect(near(.meanSquaredError, standard.map { $0 * $0 }.reduce(0, +) / 4))
    #expect(near(.meanAbsoluteError, standard.map { abs($0) }.reduce(0, +) / 4))
    let huber = standard.map { abs($0) <= 1 ? 0.5 * $0 * $0 : abs($0) - 0.5 }
    #expect(near(.huber, huber.reduce(0, +) / 4))
    #expect(Regression(.meanSquaredError, targets).lossOfIgnorance == 1)
  }
}
