/// Which classes are taken for which, without the pairs that never occur.
public struct ConfusionNumbers: Sendable, Equatable {
  /// How one class was recognised: samples of it, samples taken for it, and both at once.
  public struct Class: Sendable, Equatable {
    public var samples: Int
    public var taken: Int
    public var correct: Int

    public init(samples: Int, taken: Int, correct: Int) {
      self.samples = samples
      self.taken = taken
      self.correct = correct
    }
  }

  /// How many samples of class `label` were taken for class `predicted`, another one.
  public struct Pair: Sendable, Equatable {
    public var label: Int
    public var predicted: Int
    public var count: Int

    public init(label: Int, predicted: Int, count: Int) {
      self.label = label
      self.predicted = predicted
      self.count = count
    }
  }

  /// Empty where nothing was evaluated.
  public var classes: [Class]
  /// The pairs that are known.
  public var pairs: [Pair]
  /// How many pairs there are, those that are not known included.
  public var kinds: Int

  public init(classes: [Class] = [], pairs: [Pair] = [], kinds: Int = 0) {
    self.classes = classes
    self.pairs = pairs
    self.kinds = kinds
  }

  /// Whether nothing was evaluated.
  public var isEmpty: Bool { classes.isEmpty }

  /// All classes, or the `limit` that take part in most mistakes, in order; of equals the first.
  func shown(_ limit: Int) -> [Int] {
    guard classes.count > limit else { return Array(classes.indices) }
    let mistakes = classes.map { $0.samples + $0.taken - 2 * $0.correct }
    return classes.indices.sorted {
      mistakes[$0] != mistakes[$1] ? mistakes[$0] > mistakes[$1] : $0 < $1
    }.prefix(limit).sorted()
  }

  /// The counts of `chosen` classes: a row per class, a column per answer. O(chosen² + pairs).
  func matrix(_ chosen: [Int]) -> [[Int]] {
    var counts = chosen.indices.map { row in
      var counts = [Int](repeating: 0, count: chosen.count)
      counts[row] = classes[chosen[row]].correct
      return counts
    }
    let places = Dictionary(uniqueKeysWithValues: zip(chosen, chosen.indices))
    for pair in pairs {
      guard let row = places[pair.label], let column = places[pair.predicted] else { continue }
      counts[row][column] = pair.count
    }
    return counts
  }

  /// The `limit` pairs that occur most often, the most frequent first; of equals the first.
  func mostFrequent(_ limit: Int) -> [Pair] {
    let order = pairs.indices.sorted {
      pairs[$0].count != pairs[$1].count ? pairs[$0].count > pairs[$1].count : $0 < $1
    }
    return order.prefix(limit).map { pairs[$0] }
  }
}
