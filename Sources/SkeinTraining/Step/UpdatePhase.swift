import SkeinAutograd

/// The second half of a step: each item reduces and updates one slice of the parameters.
///
/// `@unchecked Sendable`: `begin` runs while no worker does; items touch disjoint slices.
final class UpdatePhase: Phase, @unchecked Sendable {
  /// Elements of one slice: about 10 µs of work, so that a small model is one slice.
  private static let sliceCount = 8192

  /// The optimizer's velocity, in the parameters' layout; nil without momentum.
  let velocity: FloatBuffer?
  private let parameters: FloatBuffer
  private let gradients: [FloatBuffer]
  private let optimizer: StochasticGradientDescent
  private let reducer: any GradientReducer
  private var total = 0
  private var shards = 0

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

  /// Sets how many of the gradient sums count in the next run, and their samples.
  func begin(shards: Int, samples: Int) { (self.shards, total) = (shards, samples) }

  var itemCount: Int { (parameters.count + Self.sliceCount - 1) / Self.sliceCount }

  func run(item: Int, worker: Int) {
    let start = item * Self.sliceCount
    let slice = start..<min(start + Self.sliceCount, parameters.count)
    reducer.reduce(gradients[..<shards], samples: total, range: slice)
    optimizer.update(parameters, gradient: gradients[0], velocity: velocity, range: slice)
  }
}
