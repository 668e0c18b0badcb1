import Foundation
import SkeinFiles
import SkeinModel

/// A sample that was taken for another class than its own.
public struct Mistake: Sendable, Equatable {
  /// The sample's number in its split.
  public let row: Int
  public let label: Int
  public let predicted: Int
  /// How sure the model was: the score of the class `predicted`, a probability where the loss is
  /// built on softmax.
  public let score: Double

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

extension StepProgram {
  /// The surest mistakes of the last forward pass, whose first row is sample `first`.
  func mistakes(first: Int, loss: Loss) -> [Mistake] {
    var found: [Mistake] = []
    forEachPrediction { row, label, predicted in
      if label != predicted {
        found.append(
          Mistake(
            row: first + row, label: label, predicted: predicted,
            score: score(row: row, predicted, loss)))
      }
    }
    return Mistake.surest(found)
  }

  /// softmax(logits)[predicted] = 1 / Σ e^(logit − logit[predicted]), or the output itself.
  private func score(row: Int, _ predicted: Int, _ loss: Loss) -> Double {
    let classes = logits.shape[1]
    return logits.withValues { logits in
      let highest = Double(logits[row * classes + predicted])
      guard loss.usesSoftmax else { return highest }
      var sum = 0.0
      for at in (row * classes)..<((row + 1) * classes) { sum += exp(Double(logits[at]) - highest) }
      return 1 / sum
    }
  }
}
