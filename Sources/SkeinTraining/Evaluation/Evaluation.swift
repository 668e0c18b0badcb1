import SkeinRecord

/// How a model does on a split.
public struct Evaluation: Sendable, Equatable {
  /// The mean loss over the samples, weighted where they are.
  public let loss: Double
  /// How many samples there are.
  public let samples: Int
  /// The share of samples whose highest logit is at their label; nil where targets are values.
  public let accuracy: Double?
  /// What each sample is; none where targets are values.
  public let labels: [Int32]
  /// What each sample was taken for: the class of its highest logit, the first of equals; none
  /// where targets are values.
  public let predictions: [Int32]
  /// How many classes there are, which labels and predictions are below; 0 where targets are
  /// values.
  public let classCount: Int
  /// The mistakes that the model was surest of, surest first; at most `Mistake.limit`.
  public let mistakes: [Mistake]
  /// How the values are told; nil where targets are classes.
  public let values: ValueEvaluation?

  /// Of classes.
  init(
    loss: Double, labels: [Int32], predictions: [Int32], classCount: Int, mistakes: [Mistake] = []
  ) {
    let correct = zip(labels, predictions).count { $0 == $1 }
    self.loss = loss
    self.labels = labels
    self.predictions = predictions
    self.classCount = classCount
    self.mistakes = mistakes
    samples = labels.count
    accuracy = Double(correct) / Double(max(labels.count, 1))
    values = nil
  }

  /// Of values.
  init(loss: Double, values: ValueEvaluation) {
    self.loss = loss
    self.values = values
    samples = values.count
    (accuracy, labels, predictions, classCount, mistakes) = (nil, [], [], 0, [])
  }

  /// How each class was recognised, with precision and recall. O(samples + classes).
  public var classReports: [Confusion.Class] {
    var reports = [Confusion.Class](
      repeating: Confusion.Class(support: 0, predicted: 0, correct: 0), count: classCount)
    for (label, predicted) in zip(labels, predictions) {
      reports[Int(label)].support += 1
      reports[Int(predicted)].predicted += 1
      if label == predicted { reports[Int(label)].correct += 1 }
    }
    return reports
  }

  /// How many samples of class `row` were taken for class `column`. O(samples + classes²), in
  /// memory too: for thousands of classes there is `Confusion`.
  public var confusion: [[Int]] {
    var counts = [[Int]](
      repeating: [Int](repeating: 0, count: classCount), count: classCount)
    for (label, predicted) in zip(labels, predictions) {
      counts[Int(label)][Int(predicted)] += 1
    }
    return counts
  }
}

extension Evaluation {
  /// How many samples are evaluated or predicted at a time.
  public static let chunk = 256

  /// How many chunks `samples` samples give.
  static func chunkCount(of samples: Int) -> Int { (samples + chunk - 1) / chunk }

  /// The most rows that the recordings of `workers` workers have together after `epochs` epochs. A
  /// worker records a full chunk once, and the last chunk where that has fewer rows. In each epoch
  /// one worker takes the last chunk, and any worker may be that one.
  package static func recordedRows(of samples: Int, workers: Int, epochs: Int) -> Double {
    let (full, last) = samples.quotientAndRemainder(dividingBy: chunk)
    let fullTapes = min(Double(workers), Double(full) * Double(epochs))
    let lastTapes = min(Double(workers), Double(epochs))
    return Double(chunk) * fullTapes + Double(last) * lastTapes
  }

  /// The row numbers of chunk `index` of `samples` samples, in their order.
  static func rows(ofChunk index: Int, of samples: Int) -> [Int32] {
    (index * chunk..<min((index + 1) * chunk, samples)).map { Int32($0) }
  }
}
