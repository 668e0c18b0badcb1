import SkeinModel
import SkeinReport
import SkeinRun
import SkeinTraining

extension NetworkNumbers {
  /// What the history recorded of one epoch.
  init(_ record: EpochRecord) {
    self.init(
      epoch: record.epoch, layers: record.layers.map { LayerNumbers($0) }, plane: record.plane,
      explained: record.explained, confusion: ConfusionNumbers(record.confusion),
      mistakes: record.mistakes.map {
        MistakeNumbers(
          row: $0.mistake.row, label: $0.mistake.label, predicted: $0.mistake.predicted,
          score: $0.mistake.score, elements: SampleElements($0.sample))
      })
  }

  /// Elements of a sample, neurons of each hidden layer, classes.
  var widths: [Int] { (layers.first.map { [$0.inputs] } ?? []) + layers.map(\.outputs) }
}

extension [NetworkNumbers] {
  /// The same with the exact weights of `checkpoint` in the place of the rounded ones of its epoch.
  func replacing(_ checkpoint: Checkpoint, _ network: Network) -> [NetworkNumbers] {
    let epoch = checkpoint.state.progress.epoch
    var networks = self
    let index =
      networks.firstIndex { $0.epoch == epoch }
      ?? {
        // An epoch that the history has thinned out: its weights alone.
        let index = networks.firstIndex { $0.epoch > epoch } ?? networks.count
        networks.insert(NetworkNumbers(epoch: epoch, layers: []), at: index)
        return index
      }()
    let recorded = networks[index].layers
    networks[index].layers = network.blocks.enumerated().map { layer, block in
      func values(_ role: (ParameterRole) -> Bool) -> [Float]? {
        block.parameter(where: role).map { [Float](checkpoint.state.parameters[$0.range]) }
      }
      let weights = LayerNumbers.Weights.exact(
        values(\.isWeight) ?? [])
      let biases = values(\.isBias) ?? []
      var numbers =
        recorded.indices.contains(layer)
        ? recorded[layer]
        : LayerNumbers(
          outputs: network.widths[layer + 1], inputs: network.widths[layer],
          weights: weights, biases: biases)
      (numbers.weights, numbers.biases) = (weights, biases)
      numbers.slope = values(\.isSlope)?.first
      return numbers
    }
    return networks
  }
}

extension LayerNumbers {
  init(_ layer: LayerRecord) {
    self.init(
      outputs: layer.weights.shape[0], inputs: layer.weights.shape[1],
      weights: .coded(codes: layer.weights.codes, scales: layer.weights.scales),
      biases: layer.biases, slope: layer.slope,
      weightHistogram: HistogramNumbers(layer.weightHistogram),
      gradientHistogram: HistogramNumbers(layer.gradientHistogram),
      gradientNorm: layer.gradientNorm, deadUnits: layer.deadUnits)
  }
}

extension ConfusionNumbers {
  init(_ confusion: Confusion) {
    self.init(
      classes: confusion.classes.map {
        Class(samples: $0.support, taken: $0.predicted, correct: $0.correct)
      },
      pairs: confusion.pairs.map {
        Pair(label: $0.label, predicted: $0.predicted, count: $0.count)
      }, kinds: confusion.kinds)
  }
}

extension HistogramNumbers {
  init(_ histogram: Histogram) {
    self.init(
      low: Double(histogram.low), high: Double(histogram.high), counts: histogram.counts,
      sum: histogram.sum, sumOfSquares: histogram.sumOfSquares)
  }
}

extension SampleElements {
  init(_ values: SampleValues) {
    switch values {
    case .bytes(let bytes): self = .bytes(bytes)
    case .floats(let floats): self = .floats(floats)
    }
  }
}
