import SkeinAutograd
import SkeinModel
import SkeinRandom
import SkeinSafetensors
import SkeinTraining

/// Everything that a run needs to go on: parameters, the optimizer's velocity, the generator,
/// where training stood, and what it belongs to. Stored as one safetensors file, with its own
/// SHA-256, that other tools can read the weights from, under PyTorch's names.
public struct Checkpoint: Sendable {
  static let format = "skein-checkpoint-1"
  private static let velocityPrefix = "optimizer.velocity."
  private static let generatorName = "generator.words"

  /// What training goes on from.
  public var state: TrainingState
  /// What the best epoch so far is worth; nil before the first epoch's end.
  public var best: BestMetric.Score?
  /// The job and the dataset that it belongs to.
  public var identity: RunIdentity

  public init(state: TrainingState, best: BestMetric.Score?, identity: RunIdentity) {
    self.state = state
    self.best = best
    self.identity = identity
  }

  /// The file's bytes.
  public func encode(_ architecture: Architecture) -> [UInt8] {
    let progress = state.progress
    var tensors = architecture.layout.entries.map { entry in
      Safetensors.Tensor(
        name: entry.name, shape: entry.shape.sizes,
        values: .float32(Array(state.parameters[entry.range])))
    }
    if let velocity = state.velocity {
      tensors += architecture.layout.entries.map { entry in
        Safetensors.Tensor(
          name: Self.velocityPrefix + entry.name, shape: entry.shape.sizes,
          values: .float32(Array(velocity[entry.range])))
      }
    }
    let generator = state.generator.state
    tensors.append(
      Safetensors.Tensor(
        name: Self.generatorName, shape: [generator.words.count],
        values: .int64(generator.words.map(Int64.init))))
    var metadata = [
      "format": Self.format, "epoch": String(progress.epoch), "step": String(progress.step),
      "batch": String(progress.batch), "batches": String(progress.batches),
      "epoch.lossSum": String(progress.totals.lossSum),
      "epoch.correct": String(progress.totals.correct),
      "epoch.samples": String(progress.totals.samples),
      "generator.position": String(generator.position),
      "job.sha256": identity.job, "dataset.sha256": identity.dataset,
      "batchShards": String(identity.batchShards),
    ]
    if let best {
      metadata["best.value"] = String(best.value)
      metadata["best.tieBreak"] = String(best.tieBreak)
    }
    if let pending = generator.pendingNormal {
      metadata["generator.pendingNormal"] = String(pending)
    }
    return Safetensors(tensors: tensors, metadata: metadata).encodeSealed()
  }

  /// The most bytes that a checkpoint of a model of `architecture` has: its parameters, as many
  /// velocities, and room for the rest. Every name stands in the header with its shape and place.
  static func largestFile(_ architecture: Architecture) -> Int {
    8 * architecture.layout.parameterCount + 1024 * architecture.layout.entries.count + (1 << 16)
  }

  /// Reads a checkpoint of a model of `architecture` from `bytes` of `file`.
  ///
  /// - Throws: `FormatError` for a damaged file, one of another model, or one that is none.
  public init(decoding bytes: [UInt8], file: String, architecture: Architecture) throws {
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
    func floats(prefix: String) throws -> [Float] {
      let tensors = try architecture.layout.entries.map { entry in
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
      // Only now: a job file may ask for more room than there is.
      var values = [Float](repeating: 0, count: architecture.layout.bufferCount)
      for (entry, found) in zip(architecture.layout.entries, tensors) {
        values.replaceSubrange(entry.range, with: found)
      }
      return values
    }
    guard stored.metadata["format"] == Self.format else {
      throw fail(
        "metadata format", expected: Self.format, found: stored.metadata["format"] ?? "nothing")
    }
    // Nothing is allocated that the file's own size does not warrant.
    let least = 4 * architecture.layout.parameterCount
    guard bytes.count > least else {
      throw fail("file", expected: "more than \(least) bytes", found: "\(bytes.count)")
    }
    var progress = TrainingProgress()
    progress.epoch = try number("epoch")
    progress.step = try number("step")
    progress.batch = try number("batch")
    progress.batches = try number("batches")
    progress.totals.lossSum = try number("epoch.lossSum")
    progress.totals.correct = try number("epoch.correct")
    progress.totals.samples = try number("epoch.samples")
    best =
      stored.metadata["best.value"] == nil
      ? nil
      : BestMetric.Score(
        value: try number("best.value"), tieBreak: try number("best.tieBreak"))
    identity = RunIdentity(
      job: stored.metadata["job.sha256"] ?? "", dataset: stored.metadata["dataset.sha256"] ?? "",
      batchShards: try number("batchShards"))
    let counts = [
      progress.epoch, progress.step, progress.batch, progress.batches, progress.totals.correct,
      progress.totals.samples,
    ]
    guard counts.allSatisfy({ (0..<1 << 53).contains($0) }), progress.batch <= progress.batches,
      progress.totals.lossSum.isFinite
    else {
      throw fail(
        "metadata", expected: "counts from 0 to 2^53, and a finite sum of losses",
        found: "\(counts), \(progress.totals.lossSum)")
    }
    let parameters = try floats(prefix: "")
    let hasVelocity = stored.tensors.contains { $0.name.hasPrefix(Self.velocityPrefix) }
    let velocity = hasVelocity ? try floats(prefix: Self.velocityPrefix) : nil
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
      progress: progress, parameters: parameters, velocity: velocity, generator: generator)
  }
}
