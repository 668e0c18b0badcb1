import SkeinRecord
import SkeinTraining

extension Confusion {
  /// Counts the predictions of `evaluation`. O(samples + classes), and a sort of the wrong ones.
  init(_ evaluation: Evaluation) {
    let count = evaluation.classCount
    var found: [Pair] = []
    for key in zip(evaluation.labels, evaluation.predictions).filter({ $0 != $1 })
      .map({ Int($0) * count + Int($1) }).sorted()
    {
      let (label, predicted) = key.quotientAndRemainder(dividingBy: count)
      if let last = found.last, (last.label, last.predicted) == (label, predicted) {
        found[found.count - 1].count += 1
      } else {
        found.append(Pair(label: label, predicted: predicted, count: 1))
      }
    }
    self.init(classes: evaluation.classReports, allPairs: found)
  }
}
