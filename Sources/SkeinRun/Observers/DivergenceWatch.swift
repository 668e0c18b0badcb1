import SkeinAutograd
import SkeinData
import SkeinModel
import SkeinRecord
import SkeinTraining

/// Tells of a training that goes on and learns nothing: a loss far above that of a network which
/// has learnt nothing, or a layer whose units are all dead.
///
/// After every epoch it looks at the network through a few training samples, on the calling thread.
/// It only reads the parameters, so the training's bits stay as they are. Every epoch that shows a
/// sign says so in its line of `metrics.jsonl`; `warn` gets each sign once.
public final class DivergenceWatch: TrainingObserver {
  /// Samples that it looks through, fewer where they are large.
  private static var samples: Int { 64 }
  private static var bytes: Double { 4_194_304 }

  private let learningRate: Float
  private let hint: String?
  private let warn: (String) -> Void
  private let tape = Tape()
  private let states: [Tensor]
  private let loss: Tensor
  private let count: Int
  private let ignorance: Float
  /// Whether the samples differ, so that what a layer gives for them should.
  private let samplesVary: Bool
  private var signs: [Divergence] = []
  private var told: Set<Divergence> = []

  /// - Parameters:
  ///   - source: the training samples.
  ///   - hint: what is odd about the job, and may be the reason.
  ///   - warn: is told of each sign once.
  /// - Throws: what the source throws.
  /// - Precondition: the source has samples.
  public init(
    _ model: FeedForward, _ objective: any Objective, source: any SampleSource,
    learningRate: Float, hint: String?, warn: @escaping (String) -> Void
  ) throws {
    self.learningRate = learningRate
    self.hint = hint
    self.warn = warn
    let rows = Self.rows(Self.sampleCount(model.network.size), of: source.count)
    let input = try BatchInput(tape, reading: rows, of: source)
    samplesVary = input.samples.constantColumns < source.sampleSize
    let pass = model.forward(input.samples, trains: false)
    states = pass.hiddenStates
    loss = objective.record(pass.outputs, input.target)
    count = rows.count
    ignorance = objective.lossOfIgnorance
  }

  /// How many bytes it takes for a network of `size`.
  public static func memory(_ size: NetworkSize) -> Double {
    row(size) * Double(sampleCount(size))
  }

  /// What a tape holds of one sample: each layer's preactivations and activations.
  private static func row(_ size: NetworkSize) -> Double { 2 * 4 * size.units }

  private static func sampleCount(_ size: NetworkSize) -> Int {
    Int(min(Double(samples), max(2, bytes / row(size))))
  }

  /// `wanted` of `count` rows, or all. They stand as the golden ratio has them: far from each
  /// other, and in no step with classes that take turns.
  private static func rows(_ wanted: Int, of count: Int) -> [Int] {
    guard wanted < count else { return Array(0..<count) }
    return (0..<wanted).map { index in
      let place = (Double(index) + 0.5) * 0.618_033_988_749_895
      return min(count - 1, Int((place - place.rounded(.down)) * Double(count)))
    }
  }

  public func complete(_ metrics: inout EpochMetrics, training: Double) {
    let warnings = warnings(metrics)
    if !warnings.isEmpty { metrics.warnings = (metrics.warnings ?? []) + warnings }
  }

  func warnings(_ metrics: EpochMetrics) -> [String] {
    tape.replay()
    signs = []
    // A few samples of enormous loss may all be missing among those that it looks through.
    let now = max(loss.item / Float(count), Float(metrics.testLoss ?? 0))
    if Divergence.isFar(trained: metrics.trainLoss, now: now, ignorance: ignorance) {
      signs.append(.loss(ignorance: ignorance))
    }
    for (index, state) in states.enumerated() where samplesVary {
      guard state.constantColumns == state.shape[1] else { continue }
      signs.append(.deadLayer(index + 1, units: state.shape[1]))
      // What stands behind a dead layer gives one value too, and is not to blame.
      break
    }
    if signs.isEmpty, samplesVary, metrics.epoch > 1,
      Divergence.isIgnorant(trained: metrics.trainLoss, now: now, ignorance: ignorance)
    {
      signs.append(.ignorant(ignorance))
    }
    return signs.map(text)
  }

  public func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) {
    for sign in signs where told.insert(sign).inserted {
      warn("epoch \(metrics.epoch): \(text(sign))")
    }
  }

  private func text(_ sign: Divergence) -> String {
    sign.text(learningRate: learningRate, hint: hint)
  }
}
