import SkeinAutograd
import SkeinData
import SkeinModel
import SkeinRecord
import SkeinTraining

/// Warns of a training that learns nothing: its loss is far above that of a network which has
/// learnt nothing, or no better, or a layer has only dead units.
///
/// After every epoch it runs a few training samples through the network, on the calling thread. It
/// only reads the parameters, so it changes no trained bit. Every epoch that shows a sign names it
/// in its line of `metrics.jsonl`. `warn` gets each sign once.
package final class DivergenceWatch: TrainingObserver {
  /// The most samples that are looked at.
  private static var samples: Int { 64 }
  /// The most bytes that their tape takes, unless two samples take more.
  private static var bytes: Double { 4_194_304 }

  private let learningRate: Float
  /// What is odd about the job, for the warnings.
  private let hint: String?
  private let warn: (String) -> Void
  private let tape = Tape()
  private let states: [Tensor]
  private let loss: Tensor
  /// How many samples are looked at.
  private let count: Int
  /// The loss of a network that has learnt nothing.
  private let ignorance: Float
  /// Whether the samples differ. Otherwise every layer gives the same value for all of them.
  private let samplesVary: Bool
  /// The signs that the last epoch shows.
  private var signs: [Divergence] = []
  /// The signs that `warn` got already.
  private var told: Set<Divergence> = []

  /// - Parameters:
  ///   - model: the network. Its parameters are read after every epoch.
  ///   - objective: gives the loss.
  ///   - source: the training samples.
  ///   - learningRate: the job's, for the warnings.
  ///   - ignorance: the loss of a network that has learnt nothing; nil for what the objective says.
  ///   - hint: what is odd about the job, and may be the reason.
  ///   - warn: gets a line for each sign, once.
  /// - Throws: what the source throws.
  /// - Precondition: the source has samples.
  package init(
    _ model: FeedForward, _ objective: any Objective, source: any SampleSource,
    learningRate: Float, ignorance: Float? = nil, hint: String?,
    warn: @escaping (String) -> Void
  ) throws {
    self.learningRate = learningRate
    self.hint = hint
    self.warn = warn
    let rows = Self.rows(Self.sampleCount(model.network.size), of: source.count)
    let input = try BatchInput(tape, reading: rows, of: source)
    samplesVary = input.samples.constantColumns < source.sampleSize
    let pass = model.forward(input.samples, trains: false)
    states = pass.hiddenStates
    loss = objective.losses(pass.outputs, input.target).sum()
    count = rows.count
    self.ignorance = ignorance ?? objective.lossOfIgnorance
  }

  /// The memory that the watch takes for a network of `size`, in bytes.
  package static func memory(_ size: NetworkSize) -> Double {
    row(size) * Double(sampleCount(size))
  }

  /// The bytes that a tape takes for one sample: each layer's preactivations and activations.
  private static func row(_ size: NetworkSize) -> Double { 2 * 4 * size.units }

  private static func sampleCount(_ size: NetworkSize) -> Int {
    Int(min(Double(samples), max(2, bytes / row(size))))
  }

  /// The rows to look at: `wanted` of `count`, or all of them.
  ///
  /// They are taken at multiples of the golden ratio. So they are spread evenly, and follow no
  /// period of the classes.
  private static func rows(_ wanted: Int, of count: Int) -> [Int] {
    guard wanted < count else { return Array(0..<count) }
    return (0..<wanted).map { index in
      let place = (Double(index) + 0.5) * 0.618_033_988_749_895
      return min(count - 1, Int((place - place.rounded(.down)) * Double(count)))
    }
  }

  /// Adds a warning to the metrics for every sign that the network shows.
  package func complete(_ metrics: inout EpochMetrics, training: Double) {
    let warnings = warnings(metrics)
    if !warnings.isEmpty { metrics.warnings = (metrics.warnings ?? []) + warnings }
  }

  /// Looks at the network, and gives a warning for every sign that it shows.
  func warnings(_ metrics: EpochMetrics) -> [String] {
    tape.replay()
    signs = []
    // The samples here may miss the few that have an enormous loss, so the test loss counts too.
    let now = max(loss.item / Float(count), Float(metrics.testLoss ?? 0))
    if Divergence.isFar(trained: metrics.trainLoss, now: now, ignorance: ignorance) {
      signs.append(.loss(ignorance: ignorance))
    }
    for (index, state) in states.enumerated() where samplesVary {
      guard state.constantColumns == state.shape[1] else { continue }
      signs.append(.deadLayer(index + 1, units: state.shape[1]))
      // The layers behind a dead layer give one value too, and are not to blame.
      break
    }
    if signs.isEmpty, samplesVary, metrics.epoch > 1,
      Divergence.isIgnorant(trained: metrics.trainLoss, now: now, ignorance: ignorance)
    {
      signs.append(.ignorant(ignorance))
    }
    return signs.map(text)
  }

  /// Reports the signs of the epoch that were not reported before.
  package func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) {
    for sign in signs where told.insert(sign).inserted {
      warn("epoch \(metrics.epoch): \(text(sign))")
    }
  }

  private func text(_ sign: Divergence) -> String {
    sign.text(learningRate: learningRate, hint: hint)
  }
}
