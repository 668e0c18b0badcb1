import Foundation
import SkeinAutograd

/// A sample that was taken for another class than its own.
public struct Mistake: Sendable, Equatable {
  /// The sample's number in its split.
  public let row: Int
  /// The class that it is of.
  public let label: Int
  /// The class that was predicted, another one.
  public let predicted: Int
  /// How sure the model was: the score of the class `predicted`, a probability where the loss is
  /// built on softmax.
  public let score: Double

  /// - Parameters:
  ///   - row: ≥ 0.
  ///   - label: ≥ 0.
  ///   - predicted: ≥ 0, not `label`.
  ///   - score: of `predicted`.
  public init(row: Int, label: Int, predicted: Int, score: Double) {
    self.row = row
    self.label = label
    self.predicted = predicted
    self.score = score
  }

  /// How many an evaluation keeps.
  package static let limit = 24

  /// The `limit` that the model was surest of, surest first and equals by row.
  static func surest(_ mistakes: some Sequence<Mistake>) -> [Mistake] {
    Array(
      mistakes.sorted { $0.score != $1.score ? $0.score > $1.score : $0.row < $1.row }
        .prefix(limit))
  }
}

extension Mistake {
  /// The surest mistakes among the rows of `outputs` [n, classes], the first of which is sample
  /// `first`.
  ///
  /// - Parameters:
  ///   - answers: each row's highest output.
  ///   - labels: each row's class.
  ///   - givesProbabilities: whether scores are the softmax of the outputs, as
  ///     `Objective.givesProbabilities` says, and not the outputs.
  static func surest(
    _ outputs: Tensor, _ answers: [Int], _ labels: [Int32], first: Int, givesProbabilities: Bool
  ) -> [Mistake] {
    surest(
      answers.indices.lazy.filter { answers[$0] != Int(labels[$0]) }.map { row in
        Mistake(
          row: first + row, label: Int(labels[row]), predicted: answers[row],
          score: outputs.score(row: row, answers[row], isSoftmax: givesProbabilities))
      })
  }
}

extension Tensor {
  /// softmax(row)[column] = 1 / Σ e^(x − x[column]), or the element itself unless `isSoftmax`.
  fileprivate func score(row: Int, _ column: Int, isSoftmax: Bool) -> Double {
    let columns = shape[1]
    return withValues { values in
      let chosen = Double(values[row * columns + column])
      guard isSoftmax else { return chosen }
      var sum = 0.0
      for value in values[(row * columns)..<((row + 1) * columns)] {
        sum += Foundation.exp(Double(value) - chosen)
      }
      return 1 / sum
    }
  }
}
