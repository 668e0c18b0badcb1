import Foundation
import SkeinAutograd
import SkeinData
import SkeinFiles

/// Telling classes apart, by one of the losses for that.
public struct Classification: Objective, Equatable {
  /// What training makes small.
  public let loss: Loss
  /// How many classes there are.
  public let classes: Int
  /// How much of a label's certainty all classes share, 0..<1.
  public let labelSmoothing: Float
  /// How much a sample of each class counts; nil for all the same.
  public let classWeights: [Float]?

  /// - Parameters:
  ///   - labelSmoothing: 0..<1; above 0 for cross-entropy alone.
  ///   - classWeights: a finite number ≥ 0 for each class; nil for all the same.
  /// - Precondition: `classes` is positive, and the loss is one for classes.
  public init(
    _ loss: Loss, classes: Int, labelSmoothing: Float = 0, classWeights: [Float]? = nil
  ) {
    require(classes > 0, "\(classes) classes")
    require(loss.fits(.classes(classes)), "\(loss.rawValue) of classes")
    require(
      labelSmoothing == 0 || loss == .crossEntropy && labelSmoothing > 0 && labelSmoothing < 1,
      "label smoothing \(labelSmoothing) of \(loss.rawValue)")
    require(
      classWeights?.count ?? classes == classes
        && classWeights?.allSatisfy { $0.isFinite && $0 >= 0 } ?? true,
      "class weights \(classWeights ?? []) for \(classes) classes")
    self.loss = loss
    self.classes = classes
    self.labelSmoothing = labelSmoothing
    self.classWeights = classWeights
  }

  /// The loss's name in job files.
  public var name: String { loss.rawValue }
  /// One of `classes` classes.
  public var target: TargetKind { .classes(classes) }
  /// Whether the loss is built on softmax.
  public var givesProbabilities: Bool { loss.usesSoftmax }

  /// Records the losses [n] of `outputs` [n, classes], each times the weight of its class.
  ///
  /// - Precondition: `target` has n labels, each in 0..<`classes`.
  public func losses(_ outputs: Tensor, _ target: Target) -> Tensor {
    guard case .classes(let labels) = target else { misuse("values where labels are wanted") }
    let weights = classWeights.map { outputs.tape.constant($0) }
    // Smoothing spreads over the classes by their weights, so it needs them within.
    if labelSmoothing > 0 {
      return outputs.crossEntropy(
        labels, smoothing: labelSmoothing, weights: weights, reduction: .none)
    }
    let losses = loss.ofRows(outputs, labels)
    return weights.map { losses.weighted(by: $0, of: labels) } ?? losses
  }

  /// Scores between 0 and 1: softmax where the loss is built on it, the plain outputs for the
  /// squared error.
  public func scores(_ outputs: Tensor) -> Tensor { loss.usesSoftmax ? outputs.softmax() : outputs }

  /// Records which rows have their highest output at their label.
  public func metrics(_ outputs: Tensor, _ target: Target) -> [Metric: Tensor] {
    switch target {
    case .classes(let labels): [.correct: outputs.matches(labels)]
    case .values: misuse("values where labels are wanted")
    }
  }

  /// ln C for C classes, and 1/C for the squared error. Class weights move it where label smoothing
  /// spreads by them; that is left out.
  public var lossOfIgnorance: Float {
    loss.usesSoftmax ? Float(log(Double(classes))) : 1 / Float(classes)
  }
}
