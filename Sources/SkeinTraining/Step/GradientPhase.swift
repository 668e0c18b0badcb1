import SkeinAutograd
import SkeinData
import SkeinModel

/// The first half of a step: every batch shard's gradient sum, loss and count.
///
/// `@unchecked Sendable`: `begin` runs while no worker does; during the phase, item `i` alone
/// writes `gradients[i]` and `results[i]`, and worker `w` alone uses `caches[w]`.
final class GradientPhase<Source: SampleSource>: Phase, @unchecked Sendable {
  /// One gradient sum per batch shard, in the model's layout.
  let gradients: [FloatBuffer]
  private let source: Source
  private let scale: Float
  private let shards: BatchShards
  private let caches: [ProgramCache]
  private let results: UnsafeMutableBufferPointer<ShardResult>
  private var batch = UnsafeBufferPointer<Int32>(start: nil, count: 0)

  init(
    _ model: FeedForward, loss: Loss, source: Source, scale: Float, shards: BatchShards,
    workers: Int
  ) {
    self.source = source
    self.scale = scale
    self.shards = shards
    gradients = (0..<shards.count).map { _ in
      FloatBuffer(count: model.architecture.layout.bufferCount)
    }
    caches = (0..<workers).map { _ in ProgramCache(model, loss: loss, trains: true) }
    results = .allocate(capacity: shards.count)
    results.initialize(repeating: ShardResult())
  }

  deinit { results.deallocate() }

  /// Sets the batch that the next run works on; its memory must outlive that run.
  func begin(_ batch: UnsafeBufferPointer<Int32>) { self.batch = batch }

  var itemCount: Int { shards.count(of: batch.count) }

  func run(item: Int, worker: Int) throws {
    let range = shards.range(item, of: batch.count)
    let rows = UnsafeBufferPointer(rebasing: batch[range])
    let program = caches[worker].program(rows: range.count)
    let result: ShardResult
    do {
      result = try program.forward(rows, of: source, scale: scale)
    } catch {
      throw WorkerError(
        worker: worker, item: "batch shard \(item)", samples: Array(rows), underlying: error)
    }
    guard result.lossSum.isFinite else {
      throw NonFiniteLoss(samples: Array(rows))
    }
    program.backward(into: gradients[item])
    results[item] = result
  }

  /// The row numbers of batch shard `item`.
  func samples(of item: Int) -> [Int32] {
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
