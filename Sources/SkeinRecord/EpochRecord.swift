/// What one epoch left: everything that pictures of it are drawn from.
public struct EpochRecord: Sendable, Equatable {
  /// Completed epochs; 0 is the network before training.
  public var epoch: Int
  /// Steps since the run began.
  public var step: Int
  /// The fully connected layers, from the input to the scores.
  public var layers: [LayerRecord]
  /// The last hidden states of the probe's test samples in their principal plane: two coordinates
  /// per sample; empty where they were not recorded.
  public var plane: [Float]
  /// Which part of the hidden states' variance the plane holds, in 0…1.
  public var explained: Double
  /// Of the test split: which classes were taken for which; without classes where nothing was
  /// evaluated.
  public var confusion: Confusion
  /// The wrong answers that the network was surest of, surest first.
  public var mistakes: [MistakeRecord]
  /// Of the test split: how its values are told; nil where targets are classes, and where nothing
  /// was evaluated.
  public var values: ValueRecord?

  /// Nothing is checked: a file of a history is, when it is read.
  public init(
    epoch: Int, step: Int, layers: [LayerRecord], plane: [Float] = [], explained: Double = 0,
    confusion: Confusion = Confusion(), mistakes: [MistakeRecord] = [],
    values: ValueRecord? = nil
  ) {
    self.epoch = epoch
    self.step = step
    self.layers = layers
    self.plane = plane
    self.explained = explained
    self.confusion = confusion
    self.mistakes = mistakes
    self.values = values
  }

  /// Whether its weights are the run's own Floats and not rounded.
  public var isExact: Bool {
    layers.allSatisfy { if case .exact = $0.weights { true } else { false } }
  }

  /// Elements of a sample, neurons of each hidden layer, classes.
  public var widths: [Int] { (layers.first.map { [$0.inputs] } ?? []) + layers.map(\.outputs) }
}

/// A wrong answer, with its sample.
public struct MistakeRecord: Sendable, Equatable {
  /// The sample's number in its split, from 0.
  public var row: Int
  /// The class that the sample is of, from 0.
  public var label: Int
  /// The class that was predicted, another one.
  public var predicted: Int
  /// How sure the network was: the score of `predicted`, a probability in 0…1 where the loss is
  /// built on softmax.
  public var score: Double
  /// The sample itself, as its dataset stores it.
  public var sample: SampleElements

  /// Nothing is checked: a file of a history is, when it is read.
  public init(row: Int, label: Int, predicted: Int, score: Double, sample: SampleElements) {
    self.row = row
    self.label = label
    self.predicted = predicted
    self.score = score
    self.sample = sample
  }
}
