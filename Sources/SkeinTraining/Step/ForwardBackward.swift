import SkeinAutograd
import SkeinData
import SkeinKernels
import SkeinModel
import SkeinRecord
import SkeinWorkers

/// A batch's gradient as the backward pass leaves it: what each batch shard's sum is computed from.
///
/// A view on what `ForwardBackward` keeps, valid until its next run.
struct BatchGradients {
  /// The batch.
  let rows: BatchRows
  /// How it was cut.
  let shards: BatchShards
  /// How each batch shard's gradient is computed, summed over its samples, parameter by parameter
  /// in the layout's order. Several workers may read them at once.
  let deferred: UnsafeBufferPointer<UnsafeBufferPointer<DeferredGradient>>
  /// What the samples add up to.
  let totals: BatchSums

  /// How many batch shards there are.
  var count: Int { shards.count(of: rows.count) }

  /// The row numbers of batch shard `index`.
  func samples(ofBatchShard index: Int) -> [Int32] {
    rows.shard { shards.range(index, of: $0) }.array
  }
}

/// The first half of a step: read, forward, loss, backward, for every batch shard.
///
/// What the backward pass leaves on a batch shard's tape is the shard's gradient, up to the last
/// matrix product, which its `DeferredGradient`s make block by block in the second half.
///
/// `@unchecked Sendable`: `batch` changes while no worker runs; during the phase, item `i` alone
/// uses `recorded[i]`, `gradients[i]` and `totals[i]`. Between phases everything is only read.
final class ForwardBackward: Phase, @unchecked Sendable {
  let name = WorkerTimes.forwardBackwardPhase
  private let source: any SampleSource
  private let shards: BatchShards
  private let recorded: [Recordings<RecordedBatch>]
  /// Those of each batch shard's recorded batch in the last run, which `recorded` keeps.
  private let gradients: UnsafeMutableBufferPointer<UnsafeBufferPointer<DeferredGradient>>
  private let totals: UnsafeMutableBufferPointer<BatchSums>
  private var batch = BatchRows(UnsafeBufferPointer(start: nil, count: 0))

  init(
    _ model: FeedForward, _ objective: any Objective, source: any SampleSource,
    shards: BatchShards, panels: WeightPanels
  ) {
    self.source = source
    self.shards = shards
    recorded = (0..<shards.count).map { _ in
      Recordings { RecordedBatch(model, objective, rows: $0, trains: true, panels: panels) }
    }
    gradients = .allocate(capacity: shards.count)
    gradients.initialize(repeating: UnsafeBufferPointer(start: nil, count: 0))
    totals = .allocate(capacity: shards.count)
    totals.initialize(repeating: BatchSums())
  }

  deinit {
    gradients.deallocate()
    totals.deallocate()
  }

  /// Computes the gradients of `batch`, whose memory must outlive their use.
  ///
  /// - Throws: `NonFiniteLoss`, and `WorkerError` where samples cannot be had.
  func run(_ batch: BatchRows, on scheduler: any BatchScheduler) throws -> BatchGradients {
    self.batch = batch
    try scheduler.run(self)
    var sum = BatchSums()
    // In the batch shards' order, whoever computed them.
    for shard in totals[..<itemCount] { sum += shard }
    return BatchGradients(
      rows: batch, shards: shards, deferred: UnsafeBufferPointer(gradients), totals: sum)
  }

  var itemCount: Int { shards.count(of: batch.count) }

  func run(item: Int, worker: Int) throws {
    let rows = batch.shard { shards.range(item, of: $0) }
    let recorded = recorded[item].recording(rows: rows.count)
    do {
      totals[item] = try recorded.forward(rows, of: source)
    } catch {
      throw WorkerError(
        worker: worker, item: "batch shard \(item + 1) of \(itemCount)", samples: rows.array,
        underlying: error)
    }
    guard totals[item].loss.isFinite else { throw NonFiniteLoss(samples: rows.array) }
    recorded.backward()
    gradients[item] = recorded.gradients
  }
}
