import SkeinTraining

/// One fully connected layer as it stood after an epoch.
public struct LayerRecord: Sendable, Equatable {
  /// The weights [out, in], rounded.
  public var weights: CodedMatrix
  public var biases: [Float]
  /// The trained slope of the parametric relu behind the layer.
  public var slope: Float?
  /// How the exact weights are distributed.
  public var weightHistogram: Histogram
  /// How ∂loss/∂weight is distributed, of the mean loss over the probe samples.
  public var gradientHistogram: Histogram
  /// The norm of that gradient, biases and slope included: √Σ g².
  public var gradientNorm: Double
  /// How many of the layer's neurons give the same activation for every probe sample; nil for the
  /// last layer, which has none.
  public var deadUnits: Int?
}

/// What one epoch left: everything that pictures of it are drawn from.
public struct EpochRecord: Sendable, Equatable {
  /// Completed epochs; 0 is the network before training.
  public var epoch: Int
  /// Steps since the run began.
  public var step: Int
  public var layers: [LayerRecord]
  /// The last hidden states of the probe's test samples in their principal plane: two coordinates
  /// per sample.
  public var plane: [Float]
  /// Which part of the hidden states' variance the plane holds, in 0…1.
  public var explained: Double
  /// Of the test split: which classes were taken for which; without classes where nothing was
  /// evaluated.
  public var confusion: Confusion
  /// The wrong answers that the network was surest of, surest first.
  public var mistakes: [MistakeRecord]
}

/// A wrong answer, with its sample.
public struct MistakeRecord: Sendable, Equatable {
  public var mistake: Mistake
  /// The sample's elements.
  public var sample: SampleValues
}
