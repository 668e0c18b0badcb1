import SkeinData
import SkeinKernels
import SkeinModel
import SkeinRandom
import SkeinRecord
import SkeinTestSupport
import SkeinTraining
import Testing

@testable import SkeinRun

/// What a run records of its network after an epoch, against plain loops in Double.
@Suite struct ProbeTests {
  private static let cases: [(Activation, Loss)] = [
    (.relu, .meanSquaredError), (.tanh, .crossEntropy), (.parametricRelu, .crossEntropy),
  ]

  /// Samples of 7 bytes in 3 classes. Without `first` their first element is 0.
  private func split(_ count: Int, seed: UInt64, first: Bool) -> Split {
    var generator = MersenneTwister(seed: seed)
    var samples: [UInt8] = []
    var labels: [Int32] = []
    for _ in 0..<count {
      labels.append(Int32(generator.next32() % 3))
      for element in 0..<7 {
        let byte = UInt8(generator.next32() % 256)
        samples.append(element > 0 || first ? byte : 0)
      }
    }
    return Split(
      name: "made", sampleShape: [7], classCount: 3, samples: samples, labels: labels)
  }

  private func samples(_ rows: [Int], of split: Split) -> [DoubleNetwork.Sample] {
    rows.map { row in
      DoubleNetwork.Sample(
        elements: split.stored(row).map { Double($0) / 255 }, label: Int(split.label(at: row)))
    }
  }

  private func makeModel(
    inputs: Int = 7, hidden: [Int] = [12, 8], outputs: Int = 3, _ activation: Activation
  ) -> FeedForward {
    let network = Network(
      inputs: inputs, hidden: hidden, outputs: outputs, activation: activation)
    return FeedForward(network, parameters: FloatBuffer(count: network.layout.bufferCount))
  }

  /// Gives every parameter a value of its own, which depends on `seed` alone.
  private func fill(_ model: FeedForward, seed: UInt64) {
    for (index, entry) in model.network.layout.entries.enumerated() {
      model.parameters[entry.range] =
        entry.role.isSlope
        ? [0.3] : values(entry.shape.count, seed: seed + UInt64(index), scale: 0.8)
    }
  }

  /// Makes a few units of the network 7-12-8-3 dead, each in another way.
  private func kill(_ model: FeedForward, _ activation: Activation) {
    func set(_ name: String, _ range: Range<Int>, _ value: Float) {
      let entry = model.network.layout.entries.first { $0.name == name }!
      for index in range {
        model.parameters[(entry.offset + index)..<(entry.offset + index + 1)] = [value]
      }
    }
    // Without weights, unit 7 always gives what its bias gives.
    set("layers.0.weight", 49..<56, 0)
    // Unit 9 looks at the first element alone, which is 0 in all test samples.
    set("layers.0.weight", 63..<70, 0)
    set("layers.0.weight", 63..<64, 1)
    set("layers.0.bias", 9..<10, 0.2)
    // No sample is strong enough against these: relu gives 0, and tanh exactly −1. A parametric
    // relu lets negative numbers through.
    guard activation != .parametricRelu else { return }
    set("layers.0.bias", 3..<4, -30)
    set("layers.1.bias", 2..<3, -30)
  }

  @Test(arguments: cases)
  func theRecordIsThatOfTheLoops(activation: Activation, loss: Loss) throws {
    let train = split(40, seed: 5, first: true)
    let test = split(80, seed: 6, first: false)
    let trainRows = (0..<9).map { 4 * $0 + 1 }
    let testRows = (0..<25).map { 3 * $0 + 2 }
    let trained = samples(trainRows, of: train)
    let shown = samples(testRows, of: test)
    let others = samples(Array(0..<9), of: train)
    let model = makeModel(activation)
    let probe = try Probe(
      model, Classification(loss, classes: 3), test: test.scaled(by: 255), testRows: testRows,
      train: train.scaled(by: 255), trainRows: trainRows)
    // One probe, which reads the parameters anew at every look.
    for seed: UInt64 in [11, 51, 11] {
      fill(model, seed: seed)
      kill(model, activation)
      let network = DoubleNetwork(model, activation, loss)
      let (layers, plane) = probe.look()
      check(layers, plane, network, trained: trained, shown: shown)

      // What a mistaken probe would record is told apart, layer by layer.
      let mean = network.meanGradient(trained)
      let wrong = [
        "sum": mean.map { $0.times(9) }, "test samples": network.meanGradient(shown),
        "other rows": network.meanGradient(others),
      ]
      for (index, layer) in layers.enumerated() {
        for (name, gradient) in wrong {
          let found = differences(layer, network.layers[index], gradient[index])
          #expect(!found.isEmpty, "\(name) pass for the mean in layer \(index)")
        }
      }
      #expect(layers[0].deadUnits != dead(network, trained)[0], "of the training samples")
      let otherPlane = network.plane(samples(Array(0..<25), of: train))
      #expect(!differences(plane, otherPlane).isEmpty, "of the training samples")
    }
  }

  /// Where every layer has one weight, its histogram shows that weight's own gradient.
  @Test func everyGradientOfAChain() throws {
    let bytes = (0..<20).map { UInt8(37 * $0 % 256) }
    let split = Split(
      name: "made", sampleShape: [1], classCount: 2, samples: bytes,
      labels: bytes.map { Int32($0 % 2) })
    let (trainRows, testRows) = ([2, 3, 5, 7, 11, 13, 17], [0, 4, 8, 12, 16])
    let model = makeModel(inputs: 1, hidden: [1, 1], outputs: 2, .tanh)
    fill(model, seed: 51)
    let probe = try Probe(
      model, Classification(.crossEntropy, classes: 2), test: split.scaled(by: 255),
      testRows: testRows, train: split.scaled(by: 255), trainRows: trainRows)
    let network = DoubleNetwork(model, .tanh, .crossEntropy)
    let (layers, plane) = probe.look()
    let trained = samples(trainRows, of: split)
    check(layers, plane, network, trained: trained, shown: samples(testRows, of: split))
    for (layer, gradient) in zip(layers, network.meanGradient(trained)).dropLast() {
      let histogram = try #require(layer.gradientHistogram)
      #expect(histogram.low == histogram.high && histogram.total == 1)
      #expect(abs(Double(histogram.low) - gradient.weights[0]) <= slack(gradient))
      // A gradient of 0 would hide a wrong factor.
      #expect(abs(gradient.weights[0]) > 100 * slack(gradient))
    }
  }

  /// The recorder's gradients are of 64 training samples, and its activations of 300 test samples,
  /// both spread over their splits.
  @Test func theRecorderLooksAtSpreadRows() throws {
    let train = split(100, seed: 5, first: true)
    let test = split(400, seed: 6, first: false)
    let model = makeModel(.tanh)
    fill(model, seed: 11)
    kill(model, .tanh)
    var records: [EpochRecord] = []
    try TemporaryFolder.with { folder in
      let recorder = try HistoryRecorder(
        RunFolder(path: folder).history, model: model,
        Classification(.crossEntropy, classes: 3),
        dataset: Manifest(
          name: "made", classes: ["a", "b", "c"], sample: .init(shape: [7], type: .uint8),
          provenance: nil),
        train: train.scaled(by: 255), test: test.scaled(by: 255), evaluator: nil,
        shards: BatchShards(count: 1), threads: 1, consume: { records.append($0) })
      try recorder.begin(TrainingProgress())
      try recorder.finish()
    }
    let record = try #require(records.first)
    check(
      record.layers, (record.plane, record.explained),
      DoubleNetwork(model, .tanh, .crossEntropy),
      trained: samples((0..<64).map { $0 * 100 / 64 }, of: train),
      shown: samples((0..<300).map { $0 * 400 / 300 }, of: test))
  }
}
