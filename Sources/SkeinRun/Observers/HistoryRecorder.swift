import SkeinData
import SkeinModel
import SkeinTraining

/// Records what pictures of a run are drawn from: after every epoch, and once before the first.
///
/// It looks at the network through a few hundred samples on the calling thread and only reads the
/// parameters, so the training's bits stay as they are. Files are written beside the training; a
/// failure surfaces at the next step. What a stopped run recorded after its checkpoint is dropped
/// when it goes on; the epoch that it goes on from is recorded again where it is missing, though
/// without its evaluation, so put this before the observer that saves checkpoints.
public final class HistoryRecorder: TrainingObserver {
  /// Test samples whose activations are looked at, and training samples for the gradients.
  static let probeSamples = 300
  static let gradientSamples = 64
  /// At most so many samples, of so many bytes, are kept for the pictures.
  static let keptSamples = 1000
  static let keptBytes = 1 << 20

  private let history: RunHistory
  /// What is recorded of the run as a whole.
  public let run: RunRecord
  private let split: Split
  private let probe: Probe<Split>
  private let writer = BackgroundWriter()
  private let evaluator: Evaluator<Split>?
  private let consume: (EpochRecord) throws -> Void

  /// - Parameters:
  ///   - dataset: what the dataset and its classes are called.
  ///   - test: where the samples are from that are shown; the training split if there is no other.
  ///   - consume: gets every record when it is written.
  /// - Throws: what the splits throw where samples cannot be had.
  /// - Precondition: both splits have samples.
  public init(
    _ history: RunHistory, model: FeedForward, loss: Loss, scale: Float, dataset: Manifest,
    train: Split, test: Split?, evaluator: Evaluator<Split>?, shards: BatchShards, threads: Int,
    consume: @escaping (EpochRecord) throws -> Void = { _ in }
  ) throws {
    self.history = history
    self.evaluator = evaluator
    self.consume = consume
    let split = test ?? train
    self.split = split
    let size = max(1, split.sampleSize * (split.elementType == .uint8 ? 1 : 4))
    let kept = RunRecord.spread(
      min(Self.keptSamples, max(1, Self.keptBytes / size)), over: split.count)
    let gradientRows = RunRecord.spread(Self.gradientSamples, over: train.count)
    let machine = MachineDescription.present
    let run = RunRecord(
      facts: .init(
        dataset: dataset.name, classes: dataset.classes, sampleShape: split.sampleShape,
        scale: scale, trainSamples: train.count, split: split.name, splitSamples: split.count,
        probeSamples: min(Self.probeSamples, kept.count), gradientSamples: gradientRows.count,
        parameters: model.architecture.layout.parameterCount, batchShards: shards.count,
        threads: threads, host: machine.host, processor: machine.processor, cores: machine.cores,
        system: machine.system),
      rows: kept, labels: kept.map { Int(split.label(at: $0)) },
      samples: SampleValues(kept, of: split))
    self.run = run
    probe = try Probe(
      model, loss: loss, scale: scale, test: split, testRows: run.probed.map { kept[$0] },
      train: train, trainRows: gradientRows)
  }

  /// Call before the first step: drops what lies after `progress`, and records the epoch that it
  /// stands at where that is not there, such as the untrained network.
  ///
  /// - Throws: `FileSystemError`.
  public func begin(_ progress: TrainingProgress) throws {
    try history.write(run)
    // A run that begins anew is recorded anew, for whoever consumes the records.
    try history.drop(after: progress.step == 0 ? -1 : progress.epoch)
    guard progress.batch == 0, !history.epochs.contains(progress.epoch) else { return }
    try record(progress, evaluation: nil)
  }

  public func stepEnded(_ progress: TrainingProgress) throws { try writer.check() }

  /// - Throws: `FileSystemError`.
  public func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) throws {
    try record(progress, evaluation: evaluator?.last)
  }

  private func record(_ progress: TrainingProgress, evaluation: Evaluation?) throws {
    let (layers, plane) = probe.look()
    let record = EpochRecord(
      epoch: progress.epoch, step: progress.step, layers: layers, plane: plane.coordinates,
      explained: plane.explained, confusion: evaluation.map { Confusion($0) } ?? Confusion(),
      mistakes: (evaluation?.mistakes ?? []).map {
        MistakeRecord(mistake: $0, sample: SampleValues([$0.row], of: split))
      })
    let history = history
    try writer.submit { try history.write(record) }
    try consume(record)
  }

  /// About how many bytes recording takes for a network of `widths`, from the elements of a sample
  /// to the classes: the probe's gradient and tapes, an epoch's record and its file, the kept
  /// samples, and the counts per class and pair.
  public static func memory(widths: [Double]) -> Double {
    let parameters = zip(widths, widths.dropFirst()).map { ($0 + 1) * $1 }.reduce(0, +)
    let inputs = widths.first ?? 0
    // A tape holds each layer's sums and activations, and their gradients.
    let tapes = 4 * 4 * widths.reduce(0, +) * Double(probeSamples + gradientSamples)
    let kept = max(inputs, min(Double(keptSamples) * inputs, Double(keptBytes)))
    let answers = 48 * ((widths.last ?? 0) + Double(Confusion.limit))
    // The gradient in Floats, the weights' codes, and the file of them; samples as bytes and
    // Floats.
    return (4 + 1 + 1) * parameters + tapes + (4 + 2) * kept + answers
  }

  /// Waits until everything is written.
  ///
  /// - Throws: `FileSystemError`.
  public func finish() throws { try writer.finish() }
}
