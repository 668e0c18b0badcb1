import SkeinAutograd
import SkeinModel
import Synchronization

/// The second half of a step: each item reduces and updates one slice of the parameters.
///
/// `@unchecked Sendable`: `begin` runs while no worker does; items touch disjoint slices.
final class UpdatePhase: Phase, @unchecked Sendable {
  /// Elements of one slice: what the reducer leaves is still in the innermost cache when the
  /// optimizer reads it, and taking a slice costs little beside it.
  private static let sliceCount = 2048

  /// The optimizer's velocity, in the parameters' layout; nil without momentum.
  let velocity: FloatBuffer?
  private let parameters: FloatBuffer
  private let gradients: [FloatBuffer]
  private let optimizer: StochasticGradientDescent
  private let reducer: any GradientReducer
  private var total = 0
  private var shards = 0
  private let overflowed = Atomic<Bool>(false)

  init(
    _ parameters: FloatBuffer, gradients: [FloatBuffer], optimizer: StochasticGradientDescent,
    reducer: any GradientReducer
  ) {
    self.parameters = parameters
    self.gradients = gradients
    self.optimizer = optimizer
    self.reducer = reducer
    velocity = optimizer.hasState ? FloatBuffer(count: parameters.count) : nil
  }

  /// Whether every update so far left finite parameters.
  var isFinite: Bool { !overflowed.load(ordering: .relaxed) }

  /// Sets how many of the gradient sums count in the next run, and their samples.
  func begin(shards: Int, samples: Int) { (self.shards, total) = (shards, samples) }

  var itemCount: Int { (parameters.count + Self.sliceCount - 1) / Self.sliceCount }

  func run(item: Int, worker: Int) {
    let start = item * Self.sliceCount
    let slice = start..<min(start + Self.sliceCount, parameters.count)
    reducer.reduce(gradients[..<shards], samples: total, range: slice)
    let isFinite = optimizer.update(
      parameters, gradient: gradients[0], velocity: velocity, range: slice)
    if !isFinite { overflowed.store(true, ordering: .relaxed) }
  }
}

extension UpdatePhase {
  /// What made parameters non-finite in the last run: the first parameter whose gradient was not
  /// finite in the order of the backward pass, or else the first one that overflowed.
  ///
  /// - Parameter samples: the row numbers of batch shard `i`.
  func cause(_ layout: ParameterLayout, samples: (Int) -> [Int32]) -> NonFiniteError {
    func firstNonFinite(_ buffer: FloatBuffer, _ entry: ParameterLayout.Entry) -> Float? {
      buffer.withValues(entry.range) { $0.firstNonFinite }
    }
    let all = (0..<shards).flatMap(samples)
    for entry in layout.entries.reversed() {
      guard let value = firstNonFinite(gradients[0], entry) else { continue }
      // The first sum holds the mean now; the others tell whether it was one of them.
      let bad = (1..<max(shards, 1)).filter { firstNonFinite(gradients[$0], entry) != nil }
      return NonFiniteError(
        cause: .gradient(entry.name), isNaN: value.isNaN,
        samples: bad.isEmpty ? all : bad.flatMap(samples))
    }
    for entry in layout.entries {
      if let value = firstNonFinite(parameters, entry) {
        return NonFiniteError(cause: .update(entry.name), isNaN: value.isNaN, samples: all)
      }
    }
    return NonFiniteError(cause: .update("parameters"), isNaN: false, samples: all)
  }
}
