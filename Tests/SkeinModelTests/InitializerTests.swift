import SkeinModel
import SkeinRandom
import Testing

/// What a fresh network starts from, and the order in which it is drawn.
@Suite struct InitializerTests {
  @Test func weightsAreDrawnBeforeBiasesLayerByLayer() {
    let network = Network(inputs: 3, hidden: [2], outputs: 4, activation: .relu)
    var generator = MersenneTwister(seed: 1234)
    let model = FeedForward(network, initializer: .lecture, from: &generator)
    #expect(
      network.layout.entries.map(\.name) == [
        "layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias",
      ])
    var expected = MersenneTwister(seed: 1234)
    for entry in network.layout.entries {
      let drawn = (0..<entry.shape.count).map { _ in expected.uniform(-0.5, 0.5) }
      #expect(model.parameters[entry.range] == drawn, "\(entry.name)")
    }
    #expect(generator == expected)
    let known: [Float] = [0.0290, 0.4019, 0.2598, 0.3666, 0.0583, 0.7006]
    for (weight, draw) in zip(model.parameters[0..<6], known) {
      #expect(abs(weight + 0.5 - draw) < 0.000_051, "\(weight)")
    }
  }

  @Test func normalDrawsBiasesAfterWeights() {
    var (generator, expected) = (MersenneTwister(seed: 7), MersenneTwister(seed: 7))
    let drawn = Initializer.normal(mean: 1, deviation: 0.5)
      .drawn(inputs: 5, outputs: 4, from: &generator)
    #expect(drawn.weights == expected.normal(count: 20, mean: 1, deviation: 0.5))
    #expect(drawn.biases == expected.normal(count: 4, mean: 1, deviation: 0.5))
    #expect(generator == expected)
  }

  @Test func biasesOfTheOthersAreZeroAndDrawNothing() {
    for initializer in [Initializer.xavier, .normalizedXavier, .he, .zeros] {
      for (inputs, outputs) in [(1, 1), (3, 2), (5, 7), (17, 16)] {
        var (generator, once) = (MersenneTwister(seed: 3), MersenneTwister(seed: 3))
        let drawn = initializer.drawn(inputs: inputs, outputs: outputs, from: &generator)
        let place = "\(initializer.name), \(inputs) → \(outputs)"
        #expect(drawn.weights.count == inputs * outputs, "\(place)")
        #expect(drawn.biases == [Float](repeating: 0, count: outputs), "\(place)")
        switch initializer {
        case .he: _ = once.normal(count: inputs * outputs, mean: 0, deviation: 1)
        case .zeros: break
        default: for _ in drawn.weights { _ = once.next32() }
        }
        #expect(generator.next32() == once.next32(), "\(place)")
      }
    }
  }

  /// 40 000 draws: the variance of the sample lies within 5 % (7 standard errors), and all draws
  /// within the bound of a uniform distribution, of which they reach 99 %.
  @Test func rangesAndVariances() {
    let (inputs, outputs) = (400, 100)
    let expected: [(Initializer, variance: Double, bound: Double?)] = [
      (.uniform(-0.5, 0.5), 1.0 / 12, 0.5),
      (.normal(mean: 0, deviation: 0.2), 0.04, nil),
      (.xavier, 1.0 / 400 / 3, 0.05),
      (.normalizedXavier, 6.0 / 500 / 3, (6.0 / 500).squareRoot()),
      (.he, 2.0 / 400, nil),
    ]
    for (initializer, variance, bound) in expected {
      var generator = MersenneTwister(seed: 11)
      let weights = initializer.drawn(inputs: inputs, outputs: outputs, from: &generator).weights
      let values = weights.map(Double.init)
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.map { (value: Double) -> Double in (value - mean) * (value - mean) }
      let found = squares.reduce(0, +) / Double(values.count)
      #expect(abs(found / variance - 1) < 0.05, "\(initializer): variance \(found)")
      let standardError = (variance / Double(values.count)).squareRoot()
      #expect(abs(mean) < 5 * standardError, "\(initializer): mean \(mean)")
      guard let bound else { continue }
      let largest = values.map { abs($0) }.max() ?? 0
      #expect(largest <= bound * (1 + 1e-7), "\(initializer)")
      #expect(largest > 0.99 * bound, "\(initializer)")
    }
  }

  @Test func aParametricReluStartsAtAQuarter() {
    let network = Network(
      inputs: 2, hidden: [3, 3], outputs: 2, activation: .parametricRelu)
    var generator = MersenneTwister(seed: 1)
    let model = FeedForward(network, initializer: .he, from: &generator)
    let slopes = network.layout.entries.filter { $0.name.hasSuffix("slope") }
    #expect(slopes.map(\.name) == ["layers.0.slope", "layers.1.slope"])
    for entry in slopes { #expect(model.parameters[entry.range] == [0.25], "\(entry.name)") }
  }
}

extension Initializer {
  /// A dense layer's parameters, drawn as a network draws them.
  fileprivate func drawn(
    inputs: Int, outputs: Int, from generator: inout MersenneTwister
  ) -> (weights: [Float], biases: [Float]) {
    let declared = Dense(outputs: outputs).parameters(for: [inputs])
    let values = declared.map { parameter in
      draw(parameter.role, count: parameter.sizes.reduce(1, *), from: &generator)
    }
    return (values[0], values[1])
  }
}
