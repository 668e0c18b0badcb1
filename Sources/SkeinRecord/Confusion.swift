/// Which classes a model takes for which, without the pairs that never occur: a matrix of
/// thousands of classes is nearly empty.
public struct Confusion: Sendable, Equatable {
  /// How one class was recognised.
  public struct Class: Sendable, Equatable {
    /// How many samples are of the class, ≥ 0.
    public var support: Int
    /// How many samples were taken for the class, ≥ 0.
    public var predicted: Int
    /// How many samples of the class were taken for it: at most `support`, and at most `predicted`.
    public var correct: Int

    /// Nothing is checked: a file of a history is, when it is read.
    public init(support: Int, predicted: Int, correct: Int) {
      self.support = support
      self.predicted = predicted
      self.correct = correct
    }
  }

  /// Samples of class `label` that were taken for class `predicted`, another one.
  public struct Pair: Sendable, Equatable {
    /// The class that the samples are of.
    public let label: Int
    /// The class that was predicted, another one.
    public let predicted: Int
    /// How many such samples there are, > 0.
    public var count: Int

    /// Nothing is checked: a file of a history is, when it is read.
    public init(label: Int, predicted: Int, count: Int) {
      self.label = label
      self.predicted = predicted
      self.count = count
    }
  }

  /// How many pairs are kept; those of 64 classes are no more.
  public static let limit = 4096

  /// How the samples of each class were recognised, all samples counted; empty where nothing was
  /// evaluated.
  public var classes: [Class] = []
  /// The pairs that occur most often, by label and then by answer.
  public var pairs: [Pair] = []
  /// How many pairs occur, those that were not kept included.
  public var kinds = 0

  /// Nothing was evaluated.
  public init() {}

  /// - Parameters:
  ///   - classes: every class's counts, in the order of the classes.
  ///   - pairs: all that occur, by label and then by answer; the most frequent ones are kept.
  public init(classes: [Class], allPairs pairs: [Pair]) {
    self.classes = classes
    (self.pairs, kinds) = (Self.most(pairs), pairs.count)
  }

  /// What was recorded before. Nothing is checked: a file of a history is, when it is read.
  ///
  /// - Parameters:
  ///   - classes: every class's counts, in the order of the classes.
  ///   - pairs: those that were kept, at most `limit`, by label and then by answer.
  ///   - kinds: how many pairs occur, at least as many as `pairs`.
  public init(classes: [Class], pairs: [Pair], kinds: Int) {
    self.classes = classes
    self.pairs = pairs
    self.kinds = kinds
  }

  /// Whether nothing was evaluated.
  public var isEmpty: Bool { classes.isEmpty }

  /// What a whole matrix of counts says, a row per class and a column per answer. O(classes²).
  ///
  /// - Precondition: it is square, without negative counts, and their sum fits an Int.
  package init(matrix: [[Int]]) {
    var found: [Pair] = []
    var classes = matrix.map { row in
      Class(support: row.reduce(0, +), predicted: 0, correct: 0)
    }
    for (label, row) in matrix.enumerated() {
      classes[label].correct = row[label]
      for (predicted, count) in row.enumerated() where count > 0 {
        classes[predicted].predicted += count
        if label != predicted {
          found.append(Pair(label: label, predicted: predicted, count: count))
        }
      }
    }
    self.init(classes: classes, allPairs: found)
  }

  /// The `limit` most frequent of `pairs`, in their order; of equals the first.
  private static func most(_ pairs: [Pair]) -> [Pair] {
    guard pairs.count > limit else { return pairs }
    let chosen = pairs.indices.sorted {
      pairs[$0].count != pairs[$1].count ? pairs[$0].count > pairs[$1].count : $0 < $1
    }.prefix(limit)
    return chosen.sorted().map { pairs[$0] }
  }
}
