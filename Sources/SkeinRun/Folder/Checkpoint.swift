import SkeinFiles
import SkeinModel
import SkeinRandom
import SkeinSafetensors
import SkeinTraining

/// Everything that a run needs to continue: the parameters, the optimizer's states, the generator,
/// the progress, and the run's identity.
///
/// It is stored as one safetensors file, with a SHA-256 of its own contents. Other tools can read
/// the weights from it: the tensors have PyTorch's names.
public struct Checkpoint: Sendable {
  static let format = "skein-checkpoint-1"
  /// The first part of the names of an optimizer's states, as in
  /// "optimizer.velocity.layers.0.weight".
  private static let statePrefix = "optimizer."
  private static let generatorName = "generator.words"

  /// The state that training continues from.
  public var state: TrainingState
  /// The score of the best epoch so far; nil before the first epoch ends.
  public var best: BestMetric.Score?
  /// What the run's bits depend on: the job, the dataset and the machine's kernels.
  public var identity: RunIdentity

  /// - Parameters:
  ///   - state: the state that training continues from.
  ///   - best: the score of the best epoch so far; nil before the first epoch ends.
  ///   - identity: what the run's bits depend on.
  public init(state: TrainingState, best: BestMetric.Score?, identity: RunIdentity) {
    self.state = state
    self.best = best
    self.identity = identity
  }

  /// The bytes of the file. O(parameters). No other memory is taken than theirs.
  ///
  /// - Parameter network: the network that the state belongs to.
  /// - Precondition: the state has the network's layout.
  public func encode(_ network: Network) -> [UInt8] {
    let progress = state.progress
    func tensors(_ prefix: String, _ values: [Float]) -> [Safetensors.View] {
      network.layout.entries.map { entry in
        Safetensors.View(
          name: prefix + entry.name, shape: entry.shape.sizes,
          values: .float32(values[entry.range]))
      }
    }
    let generator = state.generator.state
    let views =
      tensors("", state.parameters)
      + state.optimizer.flatMap { tensors("\(Self.statePrefix)\($0.name).", $0.values) } + [
        Safetensors.View(
          name: Self.generatorName, shape: [generator.words.count],
          values: .int64(generator.words.map(Int64.init)[...]))
      ]
    var metadata = [
      "format": Self.format, "epoch": String(progress.epoch), "step": String(progress.step),
      "batch": String(progress.batch), "batches": String(progress.batches),
      "epoch.lossSum": String(progress.totals.loss),
      "epoch.samples": String(progress.totals.samples),
      "generator.position": String(generator.position),
      "job.sha256": identity.job, "dataset.sha256": identity.dataset,
      "batchShards": String(identity.batchShards),
    ]
    metadata["kernels"] = identity.kernels
    // Samples that count the same need no weight, and had none before there were weights.
    if progress.totals.weight != Double(progress.totals.samples) {
      metadata["epoch.weight"] = String(progress.totals.weight)
    }
    for metric in Metric.allCases {
      let sum = progress.totals[metric]
      // Counts have been there from the first edition on. Other sums come back bit for bit.
      if metric.isCount {
        metadata["epoch.\(metric.rawValue)"] = String(Int(sum))
      } else if sum != 0 {
        metadata["epoch.\(metric.rawValue)"] = String(sum)
      }
    }
    metadata.merge(Self.metadata("plateau", progress.plateau)) { _, new in new }
    metadata.merge(Self.metadata("earlyStop", progress.earlyStop)) { _, new in new }
    if let best {
      metadata["best.value"] = String(best.value)
      metadata["best.tieBreak"] = String(best.tieBreak)
    }
    if let pending = generator.pendingNormal {
      metadata["generator.pendingNormal"] = String(pending)
    }
    return Safetensors.encodeSealed(views, metadata: metadata)
  }

  /// The most bytes that a checkpoint of a model of `network` can have.
  ///
  /// These are the parameters, as many numbers for each of the optimizer's `states` states, of
  /// which Adam with an average has three, and the header. The header holds the name, the shape and
  /// the place of every tensor.
  static func largestFile(_ network: Network, states: Int) -> Int {
    let layout = network.layout
    return (1 + states) * (4 * layout.parameterCount + 512 * layout.entries.count) + (1 << 16)
  }

  /// Reads a checkpoint of a model of `network` from `bytes`. O(bytes).
  ///
  /// - Parameter file: the path that the bytes come from, for messages.
  /// - Throws: `FormatError` for a file that is damaged, is of another model, or is no checkpoint.
  public init(decoding bytes: [UInt8], file: String, network: Network) throws {
    try Safetensors.checkSeal(bytes, file: file)
    let stored = try Safetensors.decode(bytes, file: file)
    func fail(_ what: String, expected: String, found: String) -> FormatError {
      FormatError(file: file, what: what, expected: expected, found: found)
    }
    func number<N: LosslessStringConvertible>(_ key: String) throws -> N {
      guard let text = stored.metadata[key], let value = N(text) else {
        throw fail(
          "metadata \(key)", expected: "a number", found: stored.metadata[key] ?? "nothing")
      }
      return value
    }
    func plateau(_ name: String) throws -> Plateau {
      var plateau = Plateau()
      guard stored.metadata["\(name).best"] != nil else { return plateau }
      let best: Double = try number("\(name).best")
      guard best.isFinite else {
        throw fail("metadata \(name).best", expected: "a finite number", found: "\(best)")
      }
      plateau.best = best
      plateau.waited = try number("\(name).waited")
      plateau.reductions = try number("\(name).reductions")
      return plateau
    }
    func floats(prefix: String) throws -> [Float] {
      let tensors = try network.layout.entries.map { entry in
        let name = prefix + entry.name
        guard let tensor = stored[name], case .float32(let found) = tensor.values,
          tensor.shape == entry.shape.sizes
        else {
          throw fail(
            "tensor \(name)", expected: "Floats of shape \(entry.shape)",
            found: stored[name].map { "shape \($0.shape)" } ?? "nothing")
        }
        return found
      }
      // The buffer is allocated after the tensors are found: a job file may name a network that is
      // too large for memory.
      var values = [Float](repeating: 0, count: network.layout.bufferCount)
      for (entry, found) in zip(network.layout.entries, tensors) {
        values.replaceSubrange(entry.range, with: found)
      }
      return values
    }
    guard stored.metadata["format"] == Self.format else {
      throw fail(
        "metadata format", expected: Self.format, found: stored.metadata["format"] ?? "nothing")
    }
    // A file that is too small for the network is refused before anything is allocated.
    let least = 4 * network.layout.parameterCount
    guard bytes.count > least else {
      throw fail("file", expected: "more than \(least) bytes", found: "\(bytes.count)")
    }
    var progress = TrainingProgress()
    progress.epoch = try number("epoch")
    progress.step = try number("step")
    progress.batch = try number("batch")
    progress.batches = try number("batches")
    progress.totals.loss = try number("epoch.lossSum")
    (progress.plateau, progress.earlyStop) = (try plateau("plateau"), try plateau("earlyStop"))
    for metric in Metric.allCases {
      let key = "epoch.\(metric.rawValue)"
      if metric.isCount {
        let count: Int = try number(key)
        guard (0..<1 << 53).contains(count) else {
          throw fail("metadata \(key)", expected: "a count from 0 to 2^53", found: "\(count)")
        }
        progress.totals[metric] = Double(count)
      } else if stored.metadata[key] != nil {
        progress.totals[metric] = try number(key)
      }
    }
    progress.totals.samples = try number("epoch.samples")
    progress.totals.weight =
      stored.metadata["epoch.weight"] == nil
      ? Double(progress.totals.samples) : try number("epoch.weight")
    best =
      stored.metadata["best.value"] == nil
      ? nil
      : BestMetric.Score(
        value: try number("best.value"), tieBreak: try number("best.tieBreak"))
    identity = RunIdentity(
      job: stored.metadata["job.sha256"] ?? "", dataset: stored.metadata["dataset.sha256"] ?? "",
      batchShards: try number("batchShards"), kernels: stored.metadata["kernels"])
    let counts =
      [
        progress.epoch, progress.step, progress.batch, progress.batches, progress.totals.samples,
      ] + [progress.plateau, progress.earlyStop].flatMap { [$0.waited, $0.reductions] }
    guard counts.allSatisfy({ (0..<1 << 53).contains($0) }), progress.batch <= progress.batches,
      progress.totals.areFinite
    else {
      throw fail(
        "metadata", expected: "counts from 0 to 2^53, and finite sums",
        found: "\(counts), \(progress.totals.loss)")
    }
    let parameters = try floats(prefix: "")
    let optimizer = try Self.stateNames(stored, network).map { name in
      TrainingState.OptimizerState(
        name: name, values: try floats(prefix: "\(Self.statePrefix)\(name)."))
    }
    guard let tensor = stored[Self.generatorName], case .int64(let words) = tensor.values,
      words.allSatisfy({ UInt32(exactly: $0) != nil }),
      let generator = MersenneTwister(
        MersenneTwister.State(
          words: words.compactMap { UInt32(exactly: $0) },
          position: try number("generator.position"),
          pendingNormal: stored.metadata["generator.pendingNormal"].flatMap(Double.init)))
    else {
      throw fail(
        "tensor \(Self.generatorName)", expected: "624 words of 32 bits and their position",
        found: "something else")
    }
    state = TrainingState(
      progress: progress, parameters: parameters, optimizer: optimizer, generator: generator)
  }

  /// What says how long a number has not become better: nothing before the first epoch ends.
  private static func metadata(_ name: String, _ plateau: Plateau) -> [String: String] {
    guard let best = plateau.best else { return [:] }
    return [
      "\(name).best": String(best), "\(name).waited": String(plateau.waited),
      "\(name).reductions": String(plateau.reductions),
    ]
  }

  /// The names of the optimizer's states in a file, in the file's order.
  private static func stateNames(_ stored: Safetensors, _ network: Network) -> [String] {
    guard let first = network.layout.entries.first else { return [] }
    return stored.tensors.compactMap { tensor in
      guard tensor.name.hasPrefix(statePrefix), tensor.name.hasSuffix(".\(first.name)") else {
        return nil
      }
      return String(tensor.name.dropFirst(statePrefix.count).dropLast(first.name.count + 1))
    }
  }
}
