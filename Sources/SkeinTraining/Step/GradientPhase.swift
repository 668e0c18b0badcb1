import SkeinAutograd
import SkeinData
import SkeinModel
import SkeinWorkers

/// The first half of a step: forward and backward pass of every batch shard.
///
/// What the backward pass leaves on a batch shard's tape is the shard's gradient, up to the last
/// matrix product, which its `GradientForm` makes block by block in the second half.
///
/// `@unchecked Sendable`: `begin` runs while no worker does; during the phase, item `i` alone uses
/// `caches[i]`, `forms[i]` and `results[i]`. Between phases everything is only read.
final class GradientPhase<Source: SampleSource>: Phase, BatchGradients, @unchecked Sendable {
  private let source: Source
  private let scale: Float
  private let shards: BatchShards
  private let caches: [ProgramCache]
  /// Those of each batch shard's program in the last run, which `caches` keeps.
  private let forms: UnsafeMutableBufferPointer<UnsafeBufferPointer<GradientForm>>
  private let results: UnsafeMutableBufferPointer<ShardResult>
  private var batch = UnsafeBufferPointer<Int32>(start: nil, count: 0)
  private var nextBatch = UnsafeBufferPointer<Int32>(start: nil, count: 0)

  init(
    _ model: FeedForward, loss: Loss, source: Source, scale: Float, shards: BatchShards
  ) {
    self.source = source
    self.scale = scale
    self.shards = shards
    caches = (0..<shards.count).map { _ in ProgramCache(model, loss: loss, trains: true) }
    forms = .allocate(capacity: shards.count)
    forms.initialize(repeating: UnsafeBufferPointer(start: nil, count: 0))
    results = .allocate(capacity: shards.count)
    results.initialize(repeating: ShardResult())
  }

  deinit {
    forms.deallocate()
    results.deallocate()
  }

  /// Sets the batch that the next run works on, and the one behind it, which may be empty; their
  /// memory must outlive that run.
  func begin(_ batch: UnsafeBufferPointer<Int32>, then nextBatch: UnsafeBufferPointer<Int32>) {
    self.batch = batch
    self.nextBatch = nextBatch
  }

  var itemCount: Int { shards.count(of: batch.count) }
  /// As `metrics.jsonl` calls it.
  let name = "forward+backward"

  func run(item: Int, worker: Int) throws {
    let range = shards.range(item, of: batch.count)
    let rows = UnsafeBufferPointer(rebasing: batch[range])
    let program = caches[item].program(rows: range.count)
    let result: ShardResult
    prefetch(item, .first)
    do {
      result = try program.forward(rows, of: source, scale: scale)
    } catch {
      throw WorkerError(
        worker: worker, item: "batch shard \(item + 1) of \(itemCount)", samples: Array(rows),
        underlying: error)
    }
    guard result.lossSum.isFinite else {
      throw NonFiniteLoss(samples: Array(rows))
    }
    prefetch(item, .second)
    program.backward()
    prefetch(item, .third)
    forms[item] = program.gradientForms
    results[item] = result
  }

  private enum Third: Int { case first, second, third }

  /// Asks for a third of the rows of batch shard `item` in the next batch. A core keeps a few dozen
  /// cache misses under way and drops what is asked beyond: all rows at once were half lost.
  private func prefetch(_ item: Int, _ third: Third) {
    let range = shards.range(item, of: nextBatch.count)
    let start = range.lowerBound + third.rawValue * range.count / 3
    let end = range.lowerBound + (third.rawValue + 1) * range.count / 3
    source.prefetch(UnsafeBufferPointer(rebasing: nextBatch[start..<end]))
  }

  func forms(ofBatchShard item: Int) -> UnsafeBufferPointer<GradientForm> { forms[item] }

  package func samples(ofBatchShard item: Int) -> [Int32] {
    Array(batch[shards.range(item, of: batch.count)])
  }

  /// What the batch shards of the last run add up to, in their order.
  var total: ShardResult {
    var total = ShardResult()
    for result in results[..<itemCount] {
      total.lossSum += result.lossSum
      total.correct += result.correct
      total.samples += result.samples
    }
    return total
  }
}
