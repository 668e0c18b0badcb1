import Testing

@testable import SkeinRecord
@testable import SkeinReport

/// A small run, the same every time: 2 × 2 pixels, 3 hidden neurons, 2 classes, epochs 0 to 3.
func makeRun(name: String = "golden", classes: [String] = ["cat", "dog"]) -> RunNumbers {
  RunNumbers(
    job: JobNumbers(
      name: name, yaml: "name: \(name)\n", widths: [4, 3, 2], activation: "relu",
      activationConstant: nil, usesSoftmax: true, loss: "crossEntropy", learningRate: 0.1,
      batchSize: 10),
    record: RunRecord(
      facts: .init(
        dataset: name, classes: classes, sampleShape: [2, 2], scale: 255, trainSamples: 40,
        split: "test", splitSamples: 20, probeSamples: 3, gradientSamples: 40, parameters: 23,
        batchShards: 1, threads: 2, host: name, processor: name, cores: 2, system: name),
      samples: LabelledSamples(
        rows: [0, 5, 10], labels: [0, 1, 0],
        elements: .bytes([0, 50, 100, 255, 9, 0, 0, 0, 255, 255, 0, 0]))),
    epochs: (1...3).map(makeEpoch),
    networks: (0...3).map(makeNetwork),
    rates: (1...3).map { RatePoint(epoch: Double($0), rate: 0.1) })
}

private func makeEpoch(_ epoch: Int) -> EpochMetrics {
  let number = Double(epoch)
  return EpochMetrics(
    epoch: epoch, step: 4 * epoch, trainLoss: 1 / number, trainAccuracy: 1 - 0.3 / number,
    testLoss: 1.2 / number, testAccuracy: 1 - 0.4 / number, samplesPerSecond: 1000 * number,
    seconds: 0.5, threads: 2)
}

private func makeNetwork(_ epoch: Int) -> EpochRecord {
  func layer(_ outputs: Int, _ inputs: Int, isExact: Bool) -> LayerRecord {
    let codes = (0..<(outputs * inputs)).map { UInt8(($0 * 7 + epoch) % 63) }
    let scales = (0..<outputs).map { Float($0 + 1) / 64 }
    let matrix = QuantizedMatrix(shape: [outputs, inputs], codes: codes, scales: scales)
    var layer = LayerRecord(
      outputs: outputs, inputs: inputs, weights: .quantized(matrix),
      biases: (0..<outputs).map { Float($0) / 4 })
    layer.weightHistogram = Histogram(
      low: -1, high: 1, counts: [1, 2, 4, 2, 1], sum: 0, sumOfSquares: 2)
    layer.gradientHistogram = Histogram(
      low: -0.1, high: 0.2, counts: [0, 5, 4, 1, 0], sum: 0.1, sumOfSquares: 0.1)
    layer.gradientNorm = 1 / Double(epoch + 1)
    if isExact { layer.weights = .exact(layer.values) }
    return layer
  }
  var hidden = layer(3, 4, isExact: epoch == 3)
  hidden.deadUnits = epoch % 2
  return EpochRecord(
    epoch: epoch, step: 4 * epoch, layers: [hidden, layer(2, 3, isExact: epoch == 3)],
    plane: [0, 1, 1, Float(epoch), -1, 0.5], explained: 0.75,
    confusion: epoch == 0
      ? Confusion()
      : Confusion(
        classes: [
          .init(support: 10, predicted: 13 - epoch, correct: 9),
          .init(support: 10, predicted: 7 + epoch, correct: 6 + epoch),
        ],
        pairs: [
          .init(label: 0, predicted: 1, count: 1), .init(label: 1, predicted: 0, count: 4 - epoch),
        ], kinds: 2),
    mistakes: epoch == 0
      ? []
      : [
        MistakeRecord(
          row: 7, label: 1, predicted: 0, score: 0.875, sample: .bytes([1, 2, 3, 255]))
      ])
}

/// Every picture of a run, by name.
func pictures(of run: RunNumbers) throws -> [(name: String, svg: SVG)] {
  let best = try #require(run.best)
  let table = ScalingTable(
    job: run.job.name, machine: run.facts.host, cores: 4, cpu: run.facts.processor,
    rows: [1, 2, 4].map { threads in
      ScalingTable.Row(
        threads: threads, samplesPerSecond: 1000 * Double(threads),
        speedup: 0.9 * Double(threads), efficiency: 0.9, spread: 0.02)
    }, fit: .init(serialFraction: 0.05, contention: 0.01, coherence: 0.001))
  let points = (-4...4).map { x -> (x: Double, value: Double, slope: Double?) in
    (Double(x), Double(max(x, 0)), 1)
  }
  return [
    (
      "curves",
      LearningCurves.figure(run.job.name, run.epochs, rates: run.rates)
    ),
    ("compare", LearningCurves.compare([(run.job.name, run.epochs), ("other", run.epochs)])),
    ("norms", LayerFigures.norms(run.networks).svg()),
    ("dead", try #require(LayerFigures.deadUnits(run.networks)).svg()),
    ("weight-histograms", LayerFigures.weights(run)),
    ("gradient-histograms", LayerFigures.gradients(run)),
    ("hidden", HiddenStatesFigure.svg(run)),
    ("confusion", ConfusionFigure.svg(run, epoch: best)),
    ("mistakes", SampleSheets.mistakes(run, epoch: best)),
    ("weights", SampleSheets.weights(run, epoch: best)),
    (
      "network",
      NetworkFigure(
        run, epoch: best, states: [[0, 0.2, 0.4, 1], [0, 1, 2], [0.25, 0.75]], sample: 1
      ).svg
    ),
    (
      "samples",
      SampleSheets.samples(
        run.samples, classes: run.facts.classes, shape: [2, 2], title: run.job.name)
    ),
    ("scaling", ScalingFigure.svg(table)),
    (
      "activations",
      ActivationFigure.svg([.init(name: run.job.name, formula: run.job.name, points: points)])
    ),
  ]
}
