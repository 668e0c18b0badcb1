import SkeinAutograd
import SkeinKernels
import SkeinModel
import SkeinRandom
import SkeinTestSupport
import Testing

/// A network as a list of layers, also of layers that Skein does not ship.
@Suite struct NetworkTests {
  /// gain · x + x², element by element, with one number that trains: belongs to the layer in front.
  private struct Quadratic: Layer {
    let operation = "gain·x + x²"
    let isNumbered = false

    func output(for input: Shape) -> Shape { input }

    func parameters(for input: Shape) -> [ParameterDeclaration] {
      [ParameterDeclaration("gain", sizes: [1], role: .slope(value: 0.5))]
    }

    func record(_ x: Tensor, _ parameters: [Tensor]) -> Tensor { x * parameters[0] + x * x }
  }

  private func model(_ layers: [any Layer], inputs: Int) -> FeedForward {
    var generator = MersenneTwister(seed: 3)
    return FeedForward(
      Network(layers, input: [inputs]), initializer: .lecture, from: &generator)
  }

  private static let odd: [[any Layer]] = [
    [Dense(outputs: 3)], [Dense(outputs: 4), Quadratic(), Dense(outputs: 1)],
  ]
  private static let networks = Activation.all.reduce(into: odd) { networks, activation in
    networks.append(Network.dense(hidden: [9, 5], outputs: 3, activation: activation))
  }

  /// What is said of a network before it is made is so when it is made.
  @Test(arguments: networks.indices, [1, 7])
  func theSizeIsThatOfTheNetwork(index: Int, inputs: Int) {
    let layers = Self.networks[index]
    let network = Network(layers, input: [inputs])
    let size = NetworkSize(layers, input: [inputs])
    #expect(size.parameters == Double(network.layout.parameterCount))
    #expect(size.inputs == Double(network.inputs) && size.outputs == Double(network.outputs))
    #expect(size.units == Double(network.widths.reduce(0, +)))
    #expect(network.size == size)
    // The tapes hold one row: what stands behind each layer, and its gradient where that trains.
    let model = model(layers, inputs: inputs)
    for trains in [false, true] {
      let pass = model.forward(
        Tape().constant(values(inputs), shape: [1, inputs]), trains: trains)
      let floats = pass.results.joined().compactMap { $0?.shape.count }.reduce(0, +)
      #expect((trains ? size.trained / 2 : size.evaluated) == Double(floats), "\(trains)")
    }
    let hidden = layers.lastIndex { $0.isNumbered }.map { layers[..<$0] } ?? []
    let last = hidden.reduce(Shape([inputs])) { $1.output(for: $0) }
    #expect(size.lastHidden == Double(last.count))
  }

  /// A pass of training leaves out what stands between a dense layer and its relu, and nothing
  /// else; one without training leaves out nothing.
  @Test(arguments: networks.indices)
  func resultsAreMissingWhereLayersAreFused(index: Int) {
    let model = model(Self.networks[index], inputs: 7)
    let samples = values(2 * 7)
    for trains in [false, true] {
      let pass = model.forward(Tape().constant(samples, shape: [2, 7]), trains: trains)
      #expect(pass.results.map(\.count) == model.network.blocks.map(\.places.count))
      for (block, results) in zip(model.network.blocks, pass.results) {
        for (place, result) in results.enumerated() {
          let layers = block.places.map(\.layer)
          let next = place + 1 < layers.count ? layers[place + 1] as? Activation : nil
          let isFused = trains && layers[place] is Dense && next == .relu
          #expect((result == nil) == isFused, "\(block.name), \(place)")
        }
      }
      let hidden = model.network.widths.dropFirst().dropLast()
      #expect(pass.hiddenStates.map { $0.shape[1] } == Array(hidden))
    }
  }

  /// A relu is fused with the dense layer in front of it, and not with another relu.
  @Test func onlyTheFirstOfTwoRelusIsFused() {
    let model = model([Dense(outputs: 4), Activation.relu, Activation.relu], inputs: 3)
    let x = Tape().constant(values(6), shape: [2, 3])
    let isThere = model.forward(x, trains: true).results.map { block in
      block.map { result in result != nil }
    }
    #expect(isThere == [[false, true, true]])
  }

  /// A layer that Skein does not know, in both passes, against the same computation by hand.
  @Test func aLayerOfOnesOwnTrains() {
    let model = model([Dense(outputs: 4), Quadratic(), Dense(outputs: 2)], inputs: 3)
    let entries = model.network.layout.entries
    #expect(
      entries.map(\.name) == [
        "layers.0.weight", "layers.0.bias", "layers.0.gain", "layers.1.weight", "layers.1.bias",
      ])
    #expect(model.parameters[entries[2].range] == [0.5])
    let samples = values(5 * 3)

    let tape = Tape()
    let p = entries.map { tape.variable(model.parameters[$0.range], shape: $0.shape) }
    let x = tape.constant(samples, shape: [5, 3])
    let h = x.linear(weight: p[0], bias: p[1])
    let y = (h * p[2] + h * h).linear(weight: p[3], bias: p[4])
    (y * y).sum().backward()

    let gradients = FloatBuffer(count: model.parameters.count)
    let trained = model.forward(
      Tape().constant(samples, shape: [5, 3]), trains: true, gradients: gradients
    ).outputs
    (trained * trained).sum().backward()
    #expect(trained.values == y.values)
    for (entry, expected) in zip(entries, p) {
      #expect(gradients[entry.range] == expected.gradient, "\(entry.name)")
    }
    let plain = model.forward(Tape().constant(samples, shape: [5, 3]), trains: false)
    #expect(plain.outputs.values == y.values && !plain.outputs.wantsGradient)
    #expect(plain.hiddenStates.map(\.values) == [(h * p[2] + h * h).values])
  }

  /// Layers of one block that declare the same name get one each; other names stay.
  @Test func parametersHaveNamesOfTheirOwn() {
    let relu = Activation.parametricRelu
    let layers: [any Layer] = [
      Dense(outputs: 4), relu, relu, Quadratic(), relu, Dense(outputs: 2), relu,
    ]
    let network = Network(layers, input: [3])
    #expect(
      network.layout.entries.map(\.name) == [
        "layers.0.weight", "layers.0.bias", "layers.0.slope", "layers.0.2.slope", "layers.0.gain",
        "layers.0.4.slope", "layers.1.weight", "layers.1.bias", "layers.1.slope",
      ])
    #expect(network.size.parameters == Double(network.layout.parameterCount))
  }

  private struct Twins: Layer {
    let operation = "twins"
    func output(for input: Shape) -> Shape { input }
    func parameters(for input: Shape) -> [ParameterDeclaration] {
      let bias = ParameterRole.bias(inputs: input.count, outputs: input.count)
      return [
        ParameterDeclaration("twin", sizes: input.sizes, role: bias),
        ParameterDeclaration("twin", sizes: input.sizes, role: bias),
      ]
    }
    func record(_ x: Tensor, _ parameters: [Tensor]) -> Tensor { x + parameters[0] + parameters[1] }
  }

  @Test func aLayerNamesEachParameterOnce() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Network([NetworkTests.Twins()], input: [3])
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("layers.0, twins") && text.contains("twin"), "\(text)")
  }
}
