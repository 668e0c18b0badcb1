import SkeinKernels
import SkeinModel
import SkeinRecord
import SkeinWorkers
import Synchronization

/// What a batch is in its step: the only one, or one of several whose gradients are added up.
struct StepPart {
  /// Whether no batch of the step came before it.
  let isFirst: Bool
  /// Whether the parameters are updated behind it.
  let isLast: Bool
  /// What the sums over all of the step's batches are divided by: the weight of their samples, or
  /// how many there are where each counts 1; of use where it is the last one.
  let divisor: Double
}

/// The second half of a step: each item computes every batch shard's gradient of a few parameters,
/// and reduces and updates them, all within the core's cache.
///
/// Two kinds of steps write the gradient down before they use it: one of several batches keeps
/// their sum until the last one, and one that clips goes over the parameters twice, because it
/// needs the norm of the whole gradient for the first update.
///
/// `@unchecked Sendable`: what `run` sets changes while no worker runs; items touch disjoint
/// parameters, and worker `w` alone uses `scratch[w]`.
final class ReduceAndUpdate: Phase, @unchecked Sendable {
  let name = WorkerTimes.reduceUpdatePhase
  /// The optimizer's states, in the order of its `stateNames`, each in the parameters' layout.
  let states: [FloatBuffer]
  /// The same, as the optimizer takes them.
  private let allStates: ArraySlice<FloatBuffer>
  private let parameters: FloatBuffer
  /// What the next forward pass reads of them.
  private let panels: WeightPanels
  private let layout: ParameterLayout
  private let optimizer: any Optimizer
  private let reducer: any GradientReducer
  private let partition: ParameterPartition
  /// Per worker, room for one block of each batch shard's gradient sum, one after the other.
  private let scratch: [FloatBuffer]
  /// The whole gradient, where steps have several batches or clip.
  private let gathered: GatheredGradient?
  /// The largest norm of a gradient, and what measures it; nil where nothing is clipped.
  private let clip: (limit: Double, norm: GradientNorm)?
  private var gradients: BatchGradients?
  private var part = StepPart(isFirst: true, isLast: true, divisor: 1)
  private var scalars = StepScalars(step: 0, learningRate: 0)
  /// What the gathered gradient is multiplied by; nil while it is gathered.
  private var clipFactor: Float?
  private let overflowed = Atomic<Bool>(false)

  /// - Parameters:
  ///   - clipNorm: the largest norm of a mean gradient, > 0; nil for any.
  ///   - gathers: whether steps have several batches.
  init(
    _ model: FeedForward, _ partition: ParameterPartition, batchShards: Int, workers: Int,
    optimizer: any Optimizer, reducer: any GradientReducer, panels: WeightPanels,
    clipNorm: Float? = nil, gathers: Bool = false
  ) {
    parameters = model.parameters
    self.panels = panels
    layout = model.network.layout
    self.optimizer = optimizer
    self.reducer = reducer
    self.partition = partition
    scratch = (0..<workers).map { _ in FloatBuffer(count: batchShards * partition.roomForBlock) }
    states = optimizer.makeStates(for: model.parameters)
    allStates = states[...]
    gathered = clipNorm != nil || gathers ? GatheredGradient(partition) : nil
    clip = clipNorm.map { (Double($0), GradientNorm(model.network.layout)) }
  }

  /// Makes `gradients` their mean and takes a step with it, block by block; or adds them to those
  /// of the step's other batches.
  ///
  /// - Throws: `NonFiniteError` where a gradient that is written down is not finite, or a parameter
  ///   is not finite afterwards.
  func run(
    _ gradients: BatchGradients, as part: StepPart, _ scalars: StepScalars,
    on scheduler: any BatchScheduler
  ) throws {
    (self.gradients, self.part, self.scalars) = (gradients, part, scalars)
    clipFactor = nil
    // A caller that goes on after an overflow has restored finite parameters.
    overflowed.store(false, ordering: .relaxed)
    try scheduler.run(self)
    if part.isLast, let clip, !overflowed.load(ordering: .relaxed) {
      // As PyTorch's `clip_grad_norm_`.
      clipFactor = Float(min(1, clip.limit / (clip.norm.norm + 1e-6)))
      try scheduler.run(self)
    }
    if overflowed.load(ordering: .relaxed) { throw cause(gradients) }
  }

  var itemCount: Int { partition.items.count }

  func run(item: Int, worker: Int) throws {
    guard let gradients else { return }
    let (blocks, sums) = (partition.items[item], scratch[worker])
    let isFinite =
      part.isFirst && part.isLast && clip == nil
      ? runWhole(blocks, gradients, sums) : runGathered(blocks, gradients, sums)
    if !isFinite { overflowed.store(true, ordering: .relaxed) }
  }

  /// Blocks of a step of one batch that clips nothing: no gradient is written down. A path of its
  /// own, because a small network's step of 2 µs feels every branch.
  ///
  /// - Returns: whether all parameters are finite.
  private func runWhole(
    _ blocks: Range<Int>, _ gradients: BatchGradients, _ sums: FloatBuffer
  ) -> Bool {
    var isFinite = true
    for (parameter, block) in partition.blocks[blocks] {
      compute(gradients, parameter, block, into: sums)
      reduce(gradients.count, by: part.divisor, block, in: sums)
      let isBlockFinite = update(parameter, block, sums)
      isFinite = isFinite && isBlockFinite
    }
    return isFinite
  }

  /// Blocks of any other step.
  ///
  /// - Returns: whether all gradients and parameters are finite.
  private func runGathered(
    _ blocks: Range<Int>, _ gradients: BatchGradients, _ sums: FloatBuffer
  ) -> Bool {
    var isFinite = true
    for index in blocks {
      let (parameter, block) = partition.blocks[index]
      let isBlockFinite: Bool
      if let clipFactor {
        gathered?.write(index, times: clipFactor, to: sums, count: block.count)
        isBlockFinite = update(parameter, block, sums)
      } else {
        compute(gradients, parameter, block, into: sums)
        add(gradients, index, block, in: sums)
        isBlockFinite =
          part.isLast && clip == nil
          ? update(parameter, block, sums) : gather(index, parameter, block, in: sums)
      }
      isFinite = isFinite && isBlockFinite
    }
    return isFinite
  }

  /// Takes the step of a block, given its mean gradient.
  ///
  /// - Returns: whether its parameters are finite.
  private func update(_ parameter: Int, _ block: ParameterBlock, _ gradient: FloatBuffer) -> Bool {
    let isFinite = optimizer.update(
      block, of: parameters, gradient: gradient, states: allStates, scalars)
    panels.copy(block, ofParameter: parameter, in: parameters)
    return isFinite
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

  /// Makes `count` sums in `sums` one, at the front, and divides it.
  private func reduce(
    _ count: Int, by divisor: Double, _ block: ParameterBlock, in sums: FloatBuffer
  ) {
    reducer.reduce(
      sums, stride: partition.roomForBlock, sumCount: count, divisor: divisor, count: block.count)
  }

  /// Makes the sums in `sums` one, at the front: the mean where the step's last batch is there, and
  /// else the sum over the batches so far. Batches are added in their order.
  private func add(
    _ gradients: BatchGradients, _ index: Int, _ block: ParameterBlock, in sums: FloatBuffer
  ) {
    if part.isFirst {
      return reduce(gradients.count, by: part.isLast ? part.divisor : 1, block, in: sums)
    }
    reduce(gradients.count, by: 1, block, in: sums)
    gathered?.add(index, to: sums, count: block.count)
    if part.isLast { reduce(1, by: part.divisor, block, in: sums) }
  }

  /// Keeps what `add` has left in `sums`.
  ///
  /// - Returns: whether it is finite.
  private func gather(
    _ index: Int, _ parameter: Int, _ block: ParameterBlock, in sums: FloatBuffer
  ) -> Bool {
    gathered?.keep(sums, as: index, count: block.count)
    if part.isLast { clip?.norm.note(block, of: parameter, in: sums, at: 0) }
    return ParameterLoops.sumOfSquares(sums, 0..<block.count).isFinite
  }
}

extension ReduceAndUpdate {
  /// What made parameters non-finite in the last run: the first parameter whose mean gradient was
  /// not finite in the order of the backward pass, or else the first one that overflowed, itself or
  /// in a state.
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
      for buffer in [parameters] + states {
        if let value = buffer.withValues(entry.range, { $0.firstNonFinite }) {
          return NonFiniteError(cause: .update(entry.name), isNaN: value.isNaN, samples: all)
        }
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
    // Divided by the weight of all of the step's batches, as `add` divides.
    reduce(gradients.count, by: part.isLast ? part.divisor : 1, block, in: sums)
    return (firstNonFinite(0), bad)
  }
}
