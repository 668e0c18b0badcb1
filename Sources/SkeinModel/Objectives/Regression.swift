import Foundation
import SkeinAutograd
import SkeinData
import SkeinFiles

/// Telling values, such as prices, by one of the losses for that.
///
/// The network's outputs are compared with targets as its source gives them: standardised where
/// `targets` has means and deviations. So the loss has no unit. Scores and errors are in the
/// targets' own units.
public struct Regression: Objective, Equatable {
  /// What training makes small.
  public let loss: Loss
  /// The outputs' names, and how targets are standardised.
  public let targets: ValueTargets

  /// - Precondition: there is an output, and the loss is one for values.
  public init(_ loss: Loss, _ targets: ValueTargets) {
    require(targets.count > 0, "values without an output")
    require(loss.fits(.values(targets.count)), "\(loss.rawValue) of values")
    self.loss = loss
    self.targets = targets
  }

  /// The loss's name in job files.
  public var name: String { loss.rawValue }
  /// As many values as there are outputs.
  public var target: TargetKind { .values(targets.count) }
  /// False: scores are values.
  public var givesProbabilities: Bool { false }
  /// The outputs' names and units.
  public var values: ValueTargets? { targets }

  /// Records the losses [n] of `outputs` [n, outputs]: means over the outputs.
  ///
  /// - Precondition: `target` has values [n, outputs].
  public func losses(_ outputs: Tensor, _ target: Target) -> Tensor {
    switch target {
    case .values(let values): loss.ofRows(outputs, values)
    case .classes: misuse("labels where values are wanted")
    }
  }

  /// The outputs in the targets' own units: y · deviation + mean.
  public func scores(_ outputs: Tensor) -> Tensor {
    guard targets.areStandardised else { return outputs }
    let (columns, tape) = (0..<targets.count, outputs.tape)
    return outputs * tape.constant(columns.map { Float(targets.deviation(of: $0)) })
      + tape.constant(columns.map { Float(targets.mean(of: $0)) })
  }

  /// Records how far each row's outputs are from its values, in the targets' own units.
  public func metrics(_ outputs: Tensor, _ target: Target) -> [Metric: Tensor] {
    switch target {
    case .values(let values):
      let units = outputs.tape.constant(
        (0..<targets.count).map { Float(targets.deviation(of: $0)) })
      return [
        .absoluteError: outputs.meanAbsoluteError(values, weights: units, reduction: .none)
      ]
    case .classes: misuse("labels where values are wanted")
    }
  }

  /// The loss of a network that says the mean of standardised targets, where these are distributed
  /// normally: 1 for the squared error. For other targets there is `lossOfIgnorance(_:)`.
  public var lossOfIgnorance: Float {
    switch loss {
    case .meanAbsoluteError: Float((2 / Double.pi).squareRoot())
    // ½ E[min(z², 1)] + E[max(|z| − 1, 0)] over a standard normal z.
    case .huber: 0.42466
    default: 1
    }
  }

  /// The mean loss over the samples of `split` of outputs that are all 0: a network that has learnt
  /// nothing. Added up in Double. O(values).
  ///
  /// - Precondition: the split has as many outputs.
  public func lossOfIgnorance(_ split: Scaled) -> Float {
    let columns = targets.count
    var sum = 0.0
    for row in 0..<split.count {
      for (column, value) in split.split.values(at: row).enumerated() {
        let size = abs(Double(split.values?.standardised(value, column) ?? value))
        sum += lossOfDifference(size)
      }
    }
    return Float(sum / Double(max(split.count * columns, 1)))
  }

  /// The loss of one output that is `size` away from its target.
  private func lossOfDifference(_ size: Double) -> Double {
    switch loss {
    case .meanAbsoluteError: size
    case .huber: size <= 1 ? 0.5 * size * size : size - 0.5
    default: size * size
    }
  }
}
