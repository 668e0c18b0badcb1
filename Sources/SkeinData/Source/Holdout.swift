import SkeinFiles
import SkeinRandom

/// The cut of a split into samples to train on and samples to validate with.
///
/// It is drawn as PyTorch's `random_split(samples, [1 - part, part], torch.Generator().manual_seed(
/// seed))` draws it: one permutation of all samples by a generator of its own, whose last ones
/// validate. So the draws of the run itself stay what they are without it.
public struct Holdout: Sendable, Equatable {
  /// The rows to train on, in the permutation's order.
  public let training: [Int32]
  /// The rows to validate with, likewise.
  public let validation: [Int32]

  /// How many of `count` samples validate: `part` of them, rounded down.
  public static func validationCount(of count: Int, part: Double) -> Int {
    Int((Double(count) * part).rounded(.down))
  }

  /// Cuts `count` samples. O(count).
  ///
  /// - Parameter part: in 0..<1.
  public init(of count: Int, part: Double, seed: UInt64) {
    require(count >= 0 && part >= 0 && part < 1, "\(part) of \(count) samples")
    var generator = MersenneTwister(seed: seed)
    let rows = generator.permutation(count)
    let cut = count - Self.validationCount(of: count, part: part)
    training = Array(rows[..<cut])
    validation = Array(rows[cut...])
  }
}

/// A source of which an epoch uses some rows only: the one to train on.
///
/// Rows keep the numbers that they have in the source behind it, so that messages about samples
/// name those, and reading costs nothing more.
public struct ChosenRows: SourceWrapper {
  /// The source behind it.
  public let base: any SampleSource
  /// The rows that an epoch uses, each once.
  public let rows: [Int32]

  /// - Precondition: `rows` are rows of `base`.
  public init(_ base: any SampleSource, rows: [Int32]) { (self.base, self.rows) = (base, rows) }

  /// The chosen rows once, permuted as `torch.randperm` does it. O(rows).
  public func order(
    batchSize: Int, dropLast: Bool, from generator: inout MersenneTwister
  ) -> EpochOrder {
    EpochOrder(
      generator.permutation(rows.count).map { rows[Int($0)] }, batchSize: batchSize,
      dropLast: dropLast)
  }
}

/// Some rows of a source as a source of their own, numbered from 0: the one to validate with.
public struct Subset: SourceWrapper {
  /// The source behind it.
  public let base: any SampleSource
  /// Which row of it each row is.
  public let rows: [Int32]
  /// What messages call it.
  public let splitName: String?

  /// - Parameter name: what messages call it.
  /// - Precondition: `rows` are rows of `base`.
  public init(_ base: any SampleSource, rows: [Int32], name: String?) {
    (self.base, self.rows, splitName) = (base, rows, name)
  }

  /// How many rows were chosen.
  public var count: Int { rows.count }

  /// As the base's, of its rows. O(rows), and an array of their numbers.
  public func read(_ rows: BatchRows, into memory: BatchMemory) throws {
    try BatchRows.with(rows.numbers.map { self.rows[Int($0)] }) { try base.read($0, into: memory) }
  }

  /// As the base's.
  public func stored(_ row: Int) throws -> [Float] { try base.stored(Int(rows[row])) }
}
