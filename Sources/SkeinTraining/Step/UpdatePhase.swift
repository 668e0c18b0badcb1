import SkeinAutograd
import SkeinFiles
import SkeinKernels
import SkeinModel
import SkeinWorkers
import Synchronization

/// The batch shards' gradient sums of a step.
protocol BatchGradients: AnyObject, Sendable {
  /// How batch shard `item`'s gradient sum is formed, parameter by parameter in the layout's order.
  /// Several workers may form it at once.
  func forms(ofBatchShard item: Int) -> UnsafeBufferPointer<GradientForm>

  /// The row numbers of batch shard `item`.
  func samples(ofBatchShard item: Int) -> [Int32]
}

/// The second half of a step: each item forms every batch shard's gradient of a few parameters, and
/// reduces and updates them, all within the core's cache.
///
/// `@unchecked Sendable`: `begin` runs while no worker does; items touch disjoint parameters, and
/// worker `w` alone uses `sums[w]`.
final class UpdatePhase: Phase, @unchecked Sendable {
  /// The optimizer's velocity, in the parameters' layout; nil without momentum.
  let velocity: FloatBuffer?
  private let parameters: FloatBuffer
  private let gradients: any BatchGradients
  private let optimizer: StochasticGradientDescent
  private let reducer: any GradientReducer
  private let cut: ParameterCut
  /// Per worker, room for one block of each batch shard's gradient sum, one after the other.
  private let sums: [FloatBuffer]
  private var total = 0
  private var shards = 0
  private let overflowed = Atomic<Bool>(false)

  init(
    _ model: FeedForward, gradients: any BatchGradients, batchShards: Int, workers: Int,
    optimizer: StochasticGradientDescent, reducer: any GradientReducer
  ) {
    parameters = model.parameters
    self.gradients = gradients
    self.optimizer = optimizer
    self.reducer = reducer
    let cut = ParameterCut(model.architecture.layout, sums: batchShards)
    self.cut = cut
    sums = (0..<workers).map { _ in FloatBuffer(count: batchShards * cut.roomForBlock) }
    velocity = optimizer.hasState ? FloatBuffer(count: parameters.count) : nil
  }

  /// Whether every update since `begin` left finite parameters.
  var isFinite: Bool { !overflowed.load(ordering: .relaxed) }

  /// Sets how many of the gradient sums count in the next run, and their samples. An overflow of an
  /// earlier run is forgotten: whoever goes on after one has put finite parameters back.
  func begin(shards: Int, samples: Int) {
    (self.shards, total) = (shards, samples)
    overflowed.store(false, ordering: .relaxed)
  }

  var itemCount: Int { cut.items.count }
  /// As `metrics.jsonl` calls it.
  let name = "reduce+update"

  func run(item: Int, worker: Int) {
    let sums = sums[worker]
    var isFinite = true
    for (parameter, block) in cut.blocks[cut.items[item]] {
      form(parameter, block, into: sums)
      reduce(block, in: sums)
      let isBlockFinite = optimizer.update(
        parameters, gradient: sums, velocity: velocity, block)
      isFinite = isFinite && isBlockFinite
    }
    if !isFinite { overflowed.store(true, ordering: .relaxed) }
  }

  /// Writes every batch shard's gradient sum of `block`, one after the other, to `sums`.
  private func form(_ parameter: Int, _ block: ParameterBlock, into sums: FloatBuffer) {
    for shard in 0..<shards {
      gradients.forms(ofBatchShard: shard)[parameter].write(
        block, into: sums, at: shard * cut.roomForBlock)
    }
  }

  /// Makes them their mean, at the front.
  private func reduce(_ block: ParameterBlock, in sums: FloatBuffer) {
    reducer.reduce(
      sums, stride: cut.roomForBlock, shards: shards, samples: total, count: block.count)
  }
}

extension UpdatePhase {
  /// What made parameters non-finite in the last run: the first parameter whose mean gradient was
  /// not finite in the order of the backward pass, or else the first one that overflowed.
  func cause(_ layout: ParameterLayout) -> NonFiniteError {
    let all = (0..<shards).flatMap(gradients.samples)
    for (parameter, entry) in layout.entries.enumerated().reversed() {
      var found: Float?
      var bad: Set<Int> = []
      for (_, block) in cut.blocks where entry.range.contains(block.start) {
        let (mean, shards) = nonFinite(parameter, block)
        found = found ?? mean
        bad.formUnion(shards)
      }
      guard let found else { continue }
      return NonFiniteError(
        cause: .gradient(entry.name), isNaN: found.isNaN,
        samples: bad.isEmpty ? all : bad.sorted().flatMap(gradients.samples))
    }
    for entry in layout.entries {
      if let value = parameters.withValues(entry.range, { $0.firstNonFinite }) {
        return NonFiniteError(cause: .update(entry.name), isNaN: value.isNaN, samples: all)
      }
    }
    return NonFiniteError(cause: .update("parameters"), isNaN: false, samples: all)
  }

  /// The first element of a block's mean gradient that is not finite, and the batch shards whose
  /// sums have one.
  private func nonFinite(_ parameter: Int, _ block: ParameterBlock) -> (Float?, [Int]) {
    let (sums, room) = (self.sums[0], cut.roomForBlock)
    form(parameter, block, into: sums)
    func firstNonFinite(_ shard: Int) -> Float? {
      sums.withValues((shard * room)..<(shard * room + block.count)) { $0.firstNonFinite }
    }
    let bad = (0..<shards).filter { firstNonFinite($0) != nil }
    reduce(block, in: sums)
    return (firstNonFinite(0), bad)
  }
}
