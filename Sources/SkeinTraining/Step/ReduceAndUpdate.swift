import SkeinKernels
import SkeinModel
import SkeinRecord
import SkeinWorkers
import Synchronization

/// The second half of a step: each item computes every batch shard's gradient of a few parameters,
/// and reduces and updates them, all within the core's cache.
///
/// `@unchecked Sendable`: `gradients` and `scalars` change while no worker runs; items touch
/// disjoint parameters, and worker `w` alone uses `scratch[w]`.
final class ReduceAndUpdate: Phase, @unchecked Sendable {
  let name = WorkerTimes.reduceUpdatePhase
  /// The optimizer's states, in the order of its `stateNames`, each in the parameters' layout.
  let states: [FloatBuffer]
  private let parameters: FloatBuffer
  /// What the next forward pass reads of them.
  private let panels: WeightPanels
  private let layout: ParameterLayout
  private let optimizer: any Optimizer
  private let reducer: any GradientReducer
  private let partition: ParameterPartition
  /// Per worker, room for one block of each batch shard's gradient sum, one after the other.
  private let scratch: [FloatBuffer]
  private var gradients: BatchGradients?
  private var scalars = StepScalars(step: 0, learningRate: 0)
  private let overflowed = Atomic<Bool>(false)

  init(
    _ model: FeedForward, _ partition: ParameterPartition, batchShards: Int, workers: Int,
    optimizer: any Optimizer, reducer: any GradientReducer, panels: WeightPanels
  ) {
    parameters = model.parameters
    self.panels = panels
    layout = model.network.layout
    self.optimizer = optimizer
    self.reducer = reducer
    self.partition = partition
    scratch = (0..<workers).map { _ in FloatBuffer(count: batchShards * partition.roomForBlock) }
    states = optimizer.stateNames.map { _ in FloatBuffer(count: model.parameters.count) }
  }

  /// Makes `gradients` their mean and takes a step with it, block by block.
  ///
  /// - Throws: `NonFiniteError` where a parameter is not finite afterwards.
  func run(
    _ gradients: BatchGradients, _ scalars: StepScalars, on scheduler: any BatchScheduler
  ) throws {
    (self.gradients, self.scalars) = (gradients, scalars)
    // A caller that goes on after an overflow has restored finite parameters.
    overflowed.store(false, ordering: .relaxed)
    try scheduler.run(self)
    if overflowed.load(ordering: .relaxed) { throw cause(gradients) }
  }

  var itemCount: Int { partition.items.count }

  func run(item: Int, worker: Int) {
    guard let gradients else { return }
    let sums = scratch[worker]
    var isFinite = true
    for (parameter, block) in partition.blocks[partition.items[item]] {
      compute(gradients, parameter, block, into: sums)
      reduce(gradients, block, in: sums)
      let isBlockFinite = optimizer.update(
        block, of: parameters, gradient: sums, states: states, scalars)
      isFinite = isFinite && isBlockFinite
      panels.copy(block, ofParameter: parameter, in: parameters)
    }
    if !isFinite { overflowed.store(true, ordering: .relaxed) }
  }

  /// Writes every batch shard's gradient sum of `block`, one after the other, to `sums`.
  private func compute(
    _ gradients: BatchGradients, _ parameter: Int, _ block: ParameterBlock, into sums: FloatBuffer
  ) {
    for shard in 0..<gradients.count {
      gradients.deferred[parameter].write(
        block, of: gradients.range(ofBatchShard: shard), into: sums,
        at: shard * partition.roomForBlock)
    }
  }

  /// Makes the sums in `sums` their mean, at the front.
  private func reduce(
    _ gradients: BatchGradients, _ block: ParameterBlock, in sums: FloatBuffer
  ) {
    reducer.reduce(
      sums, stride: partition.roomForBlock, batchShards: gradients.count,
      samples: gradients.rows.count, count: block.count)
  }
}

extension ReduceAndUpdate {
  /// What made parameters non-finite in the last run: the first parameter whose mean gradient was
  /// not finite in the order of the backward pass, or else the first one that overflowed.
  private func cause(_ gradients: BatchGradients) -> NonFiniteError {
    let all = gradients.rows.array
    for (parameter, entry) in layout.entries.enumerated().reversed() {
      var found: Float?
      var bad: Set<Int> = []
      for (_, block) in partition.blocks where entry.range.contains(block.start) {
        let (mean, shards) = nonFinite(gradients, parameter, block)
        found = found ?? mean
        bad.formUnion(shards)
      }
      guard let found else { continue }
      return NonFiniteError(
        cause: .gradient(entry.name), isNaN: found.isNaN,
        samples: bad.isEmpty ? all : bad.sorted().flatMap(gradients.samples(ofBatchShard:)))
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
  private func nonFinite(
    _ gradients: BatchGradients, _ parameter: Int, _ block: ParameterBlock
  ) -> (Float?, [Int]) {
    let (sums, room) = (scratch[0], partition.roomForBlock)
    compute(gradients, parameter, block, into: sums)
    func firstNonFinite(_ shard: Int) -> Float? {
      sums.withValues((shard * room)..<(shard * room + block.count)) { $0.firstNonFinite }
    }
    let bad = (0..<gradients.count).filter { firstNonFinite($0) != nil }
    reduce(gradients, block, in: sums)
    return (firstNonFinite(0), bad)
  }
}
