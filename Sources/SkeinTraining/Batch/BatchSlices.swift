import SkeinFiles

/// How a batch's samples are cut for the workers of a step's first half: contiguous runs of rows,
/// one after the other.
///
/// No bit depends on the cut: a row's results do not depend on the rows beside it, and what is
/// added up over samples is added up over batch shards, in another place. So slices follow the
/// workers, and batch shards do not.
package struct BatchSlices: Equatable {
  /// How many slices there are.
  let count: Int
  private let samples: Int

  /// Slices begin at multiples of this many rows, the height of a matrix product's tiles.
  static let tileRows = 8

  /// A worker's rows are cut further while each slice keeps so many: a worker that has lost its
  /// core to another program for a while leaves slices to others.
  private static let stealableRows = 64
  private static let mostPerWorker = 4

  /// Multiply-adds of a slice in a step, at least: with fewer, calling a worker takes longer than
  /// its work. Measured with 10-16-16-5 and 20 samples, which have 27,000: two slices on two
  /// workers gave 0.73 of the speed of one.
  private static let leastWork = 100_000.0

  /// At most `count` slices of `samples` samples: no slice is empty.
  init(_ count: Int, of samples: Int) {
    require(count > 0 && samples > 0, "\(count) slices of \(samples) samples")
    self.samples = samples
    self.count = min(count, Self.tiles(samples))
  }

  /// Slices of `samples` samples for `workers` workers.
  ///
  /// - Parameter work: multiply-adds of a sample in a step.
  init(for workers: Int, of samples: Int, work: Double) {
    let each = workers == 1 ? 1 : samples / (workers * Self.stealableRows)
    let wanted = workers * min(max(each, 1), Self.mostPerWorker)
    self.init(min(wanted, Self.workers(for: samples, work: work)), of: samples)
  }

  /// The most slices that are worth while, and so the most workers that can share the first half of
  /// a step.
  ///
  /// - Parameter work: multiply-adds of a sample in a step.
  package static func most(of samples: Int, work: Double) -> Int {
    min(tiles(samples), workers(for: samples, work: work))
  }

  /// How many workers a step has work enough for, at least 1: the second half of one may use more
  /// than have rows in the first.
  package static func workers(for samples: Int, work: Double) -> Int {
    max(1, Int(min(Double(samples) * work / leastWork, 1e6)))
  }

  /// The samples of slice `index`. Sizes differ by a tile at most, but for the last slice.
  func range(_ index: Int) -> Range<Int> { start(index)..<start(index + 1) }

  /// The same, and none where there are fewer slices.
  func range(ifAny index: Int) -> Range<Int> { index < count ? range(index) : 0..<0 }

  private func start(_ index: Int) -> Int {
    min(Self.tiles(samples) * index / count * Self.tileRows, samples)
  }

  private static func tiles(_ samples: Int) -> Int { (samples + tileRows - 1) / tileRows }
}
