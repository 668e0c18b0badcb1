import SkeinTestSupport
import Testing

@testable import SkeinAutograd

@Suite struct RectifiedLayerTests {
  @Test func aRectifiedLayerIsALayerAndRelu() {
    let (x, w, b) = (values(6 * 10), values(9 * 10, seed: 8), values(9, seed: 9))
    func run(_ isFused: Bool) -> [[Float]] {
      let tape = Tape()
      let samples = tape.variable(x, shape: [6, 10])
      let (weight, bias) = (tape.variable(w, shape: [9, 10]), tape.variable(b, shape: [9]))
      let y =
        isFused
        ? samples.linearRelu(weight: weight, bias: bias)
        : samples.linear(weight: weight, bias: bias).relu()
      (y * y).sum().backward()
      return [y.values, samples.gradient, weight.gradient, bias.gradient]
    }
    #expect(run(true) == run(false))
  }
}
