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

  /// - Precondition: `classes` is positive, and the loss is one for classes.
  public init(_ loss: Loss, classes: Int) {
    require(classes > 0, "\(classes) classes")
    require(loss.fits(.classes(classes)), "\(loss.rawValue) of classes")
    self.loss = loss
    self.classes = classes
  }

  /// The loss's name in job files.
  public var name: String { loss.rawValue }
  /// One of `classes` classes.
  public var target: TargetKind { .classes(classes) }
  /// Whether the loss is built on softmax.
  public var givesProbabilities: Bool { loss.usesSoftmax }

  /// Records the losses [n] of `outputs` [n, classes].
  ///
  /// - Precondition: `target` has n labels, each in 0..<`classes`.
  public func losses(_ outputs: Tensor, _ target: Target) -> Tensor {
    switch target {
    case .classes(let labels): loss.ofRows(outputs, labels)
    case .values: misuse("values where labels are wanted")
    }
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

  /// ln C for C classes, and 1/C for the squared error.
  public var lossOfIgnorance: Float {
    loss.usesSoftmax ? Float(log(Double(classes))) : 1 / Float(classes)
  }
}
