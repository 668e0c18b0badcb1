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
  /// How it is cut into the leaves of the reducer's tree.
  let shards: BatchShards
  /// How each parameter's gradient is computed, summed over any of the samples, in the layout's
  /// order. Several workers may read them at once.
  let deferred: UnsafeBufferPointer<DeferredGradient>

  /// How many batch shards there are.
  var count: Int { shards.count(of: rows.count) }

  /// Which of the batch's samples are batch shard `index`.
  func range(ofBatchShard index: Int) -> Range<Int> { shards.range(index, of: rows.count) }

  /// The row numbers of batch shard `index`.
  func samples(ofBatchShard index: Int) -> [Int32] {
    rows.part { shards.range(index, of: $0) }.array
  }
}

/// The first half of a step: read, forward, loss, backward, slice by slice.
///
/// The backward pass leaves on the tape what gradients are made of, up to the last matrix product,
/// which the `DeferredGradient`s make block by block in the second half.
///
/// `@unchecked Sendable`: what changes from batch to batch changes while no worker runs. During the
/// phase, item `i` alone uses the rows of slice `i`. Between phases everything is only read.
final class ForwardBackward: Phase, @unchecked Sendable {
  let name = WorkerTimes.forwardBackwardPhase
  private let source: any SampleSource
  private let shards: BatchShards
  private let sliceCount: Int?
  /// Multiply-adds of a sample in a step.
  private let work: Double
  private let recordings: Recordings<RecordedBatch>
  private var batch = BatchRows(UnsafeBufferPointer(start: nil, count: 0))
  private var recorded: RecordedBatch?
  private var slices = BatchSlices(1, of: 1)
  /// The same of the next batch, which is announced to the source.
  private var nextSlices: BatchSlices?

  /// - Parameter slices: how many slices a batch has; nil for as many as suit the workers.
  init(
    _ model: FeedForward, _ objective: any Objective, source: any SampleSource,
    shards: BatchShards, slices: Int?, panels: WeightPanels
  ) {
    self.source = source
    self.shards = shards
    sliceCount = slices
    work = model.network.trainingMultiplyAdds
    recordings = Recordings {
      RecordedBatch(
        model, objective, samples: $0, hasWeights: source.hasWeights, trains: true, panels: panels,
        shards: shards)
    }
  }

  /// Computes the gradients of `batch`, whose memory must outlive their use, and what its samples
  /// add up to.
  ///
  /// - Throws: `NonFiniteLoss`, and `WorkerError` where samples cannot be had.
  func run(_ batch: BatchRows, on scheduler: any BatchScheduler) throws
    -> (gradients: BatchGradients, totals: BatchSums)
  {
    let recorded = recordings.recording(rows: batch.count)
    (self.batch, self.recorded) = (batch, recorded)
    slices =
      if !recorded.canBeCut { BatchSlices(1, of: batch.count) } else if let sliceCount {
        BatchSlices(sliceCount, of: batch.count)
      } else {
        BatchSlices(for: scheduler.activeWorkers, of: batch.count, work: work)
      }
    nextSlices = batch.next.isEmpty ? nil : BatchSlices(slices.count, of: batch.next.count)
    try scheduler.run(self)
    let totals = recorded.sums
    guard totals.areFinite else { throw NonFiniteLoss(samples: batch.array) }
    return (BatchGradients(rows: batch, shards: shards, deferred: recorded.gradients), totals)
  }

  var itemCount: Int { slices.count }

  func run(item: Int, worker: Int) throws {
    guard let recorded else { return }
    let range = slices.range(item)
    let rows = batch.part { $0 == batch.count ? range : nextSlices?.range(ifAny: item) ?? 0..<0 }
    do {
      try recorded.forward(rows, as: range, of: source)
    } catch {
      throw WorkerError(
        worker: worker, item: shards.name(of: range, in: batch.count), samples: rows.array,
        underlying: error)
    }
    recorded.backward(range)
  }
}
