import SkeinAutograd
import SkeinTestSupport
import Testing

/// Every op and its gradients against PyTorch's, computed there in double precision.
@Suite struct OpGoldenTests {
  @Test func everyCaseAgreesWithPyTorch() throws {
    let cases = try Golden<OpCase>("ops.json").cases
    #expect(cases.count >= 248)
    for (number, golden) in cases.enumerated() {
      let tape = Tape()
      let inputs = golden.inputs.map { tape.variable($0.values, shape: Shape($0.shape)) }
      guard let output = golden(inputs) else {
        Issue.record("case \(number): no op for \(golden), \(golden.attributes)")
        continue
      }
      #expect(output.shape == Shape(golden.output.shape), "case \(number): \(golden)")
      guard output.shape == Shape(golden.output.shape) else { continue }
      let weights = tape.constant(golden.outputGradient.values, shape: output.shape)
      (output * weights).sum().backward()

      let terms = golden.terms
      let wrong = Tolerance.differences(output.values, golden.output.values, terms: terms)
      #expect(wrong == [], "case \(number): \(golden), \(golden.attributes)")
      for (k, input) in inputs.enumerated() {
        let expected = golden.inputGradients[k].values
        let wrong = Tolerance.differences(input.gradient, expected, terms: terms)
        #expect(wrong == [], "case \(number), input \(k): \(golden), \(golden.attributes)")
      }
    }
  }

  @Test func theToleranceRejectsWhatItShould() {
    #expect(Tolerance.differences([1], [1.0001]).count == 1)
    #expect(Tolerance.differences([.nan], [1]).count == 1)
    #expect(Tolerance.differences([.infinity], [1]).count == 1)
    #expect(Tolerance.differences([1, 2], [1]).count == 1)
    #expect(Tolerance.differences([1], [1.000001]) == [])
  }
}
