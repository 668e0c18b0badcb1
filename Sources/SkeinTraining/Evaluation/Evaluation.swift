/// How a model does on a split.
public struct Evaluation: Sendable, Equatable {
  /// How many samples are evaluated at a time.
  public static let chunk = 256

  /// The mean loss over the samples.
  public let loss: Double
  /// The share of samples whose highest logit is at their label.
  public let accuracy: Double
  /// What each sample is.
  public let labels: [Int32]
  /// What each sample was taken for: the class of its highest logit, the first of equals.
  public let predictions: [Int32]
  /// How many classes there are; labels and predictions are below it.
  public let classCount: Int
  /// The mistakes that the model was surest of, surest first; at most `Mistake.limit`.
  public let mistakes: [Mistake]

  init(
    loss: Double, labels: [Int32], predictions: [Int32], classCount: Int, mistakes: [Mistake] = []
  ) {
    let correct = zip(labels, predictions).count { $0 == $1 }
    self.loss = loss
    self.labels = labels
    self.predictions = predictions
    self.classCount = classCount
    self.mistakes = mistakes
    accuracy = Double(correct) / Double(max(labels.count, 1))
  }

  /// How the samples of one class were recognised.
  public struct ClassReport: Sendable, Equatable {
    /// Samples of the class.
    public package(set) var support = 0
    /// Samples that were predicted to be of the class, rightly or not.
    public package(set) var predicted = 0
    /// Samples of the class that were predicted to be of it.
    public package(set) var correct = 0

    package init(support: Int = 0, predicted: Int = 0, correct: Int = 0) {
      self.support = support
      self.predicted = predicted
      self.correct = correct
    }

    /// Of the samples predicted to be of the class, the share that is; nil if there is none.
    public var precision: Double? { predicted == 0 ? nil : Double(correct) / Double(predicted) }
    /// Of the samples of the class, the share that was recognised; nil if there is none.
    public var recall: Double? { support == 0 ? nil : Double(correct) / Double(support) }
  }

  /// A report per class. O(samples + classes).
  public var classReports: [ClassReport] {
    var reports = [ClassReport](repeating: ClassReport(), count: classCount)
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
