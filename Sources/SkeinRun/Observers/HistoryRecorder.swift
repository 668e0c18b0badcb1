import SkeinAutograd
import SkeinData
import SkeinModel
import SkeinRecord
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
  private let source: any SampleSource
  private let probe: Probe
  private let writer = BackgroundWriter()
  private let evaluator: Evaluator?
  private let consume: (EpochRecord) throws -> Void

  /// - Parameters:
  ///   - dataset: what the dataset and its classes are called.
  ///   - test: where the samples are from that are shown; the training split if there is no other.
  ///   - consume: gets every record when it is written.
  /// - Throws: what the splits throw where samples cannot be had.
  /// - Precondition: both splits have samples.
  public init(
    _ history: RunHistory, model: FeedForward, _ objective: any Objective, dataset: Manifest,
    train: any SampleSource, test: (any SampleSource)?, evaluator: Evaluator?, shards: BatchShards,
    threads: Int,
    consume: @escaping (EpochRecord) throws -> Void = { _ in }
  ) throws {
    self.history = history
    self.evaluator = evaluator
    self.consume = consume
    let source = test ?? train
    self.source = source
    let size = max(1, source.sampleSize * (source.elementType == .uint8 ? 1 : 4))
    let kept = RunRecord.spread(
      min(Self.keptSamples, max(1, Self.keptBytes / size)), over: source.count)
    let gradientRows = RunRecord.spread(Self.gradientSamples, over: train.count)
    let machine = MachineDescription.present
    let run = RunRecord(
      facts: .init(
        dataset: dataset.name, classes: dataset.classes, sampleShape: source.sampleShape,
        scale: source.scale, trainSamples: train.count, split: source.splitName ?? "",
        splitSamples: source.count,
        probeSamples: min(Self.probeSamples, kept.count), gradientSamples: gradientRows.count,
        parameters: model.network.layout.parameterCount, batchShards: shards.count,
        threads: threads, host: machine.host, processor: machine.processor, cores: machine.cores,
        system: machine.system),
      samples: LabelledSamples(
        rows: kept, labels: try Self.labels(kept, of: source),
        elements: try SampleElements(kept, of: source)))
    self.run = run
    probe = try Probe(
      model, objective, test: source, testRows: run.probed.map { kept[$0] },
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

  /// The classes of the samples `rows`.
  private static func labels(_ rows: [Int], of source: any SampleSource) throws -> [Int] {
    try BatchInput(Tape(), reading: rows, of: source).labels.map(Int.init)
  }

  private func record(_ progress: TrainingProgress, evaluation: Evaluation?) throws {
    let (layers, plane) = probe.look()
    let record = EpochRecord(
      epoch: progress.epoch, step: progress.step, layers: layers, plane: plane.coordinates,
      explained: plane.explained, confusion: evaluation.map { Confusion($0) } ?? Confusion(),
      mistakes: try (evaluation?.mistakes ?? []).map {
        MistakeRecord(
          row: $0.row, label: $0.label, predicted: $0.predicted, score: $0.score,
          sample: try SampleElements([$0.row], of: source))
      })
    let history = history
    try writer.submit { try history.write(record) }
    try consume(record)
  }

  /// About how many bytes recording takes for a network of `size`: the probe's gradient and tapes,
  /// an epoch's record and its file, the kept samples, and the counts per class and pair.
  public static func memory(_ size: NetworkSize) -> Double {
    let (inputs, parameters) = (size.inputs, size.parameters)
    // A tape holds each layer's preactivations and activations, and their gradients.
    let tapes = 4 * 4 * size.units * Double(probeSamples + gradientSamples)
    let kept = max(inputs, min(Double(keptSamples) * inputs, Double(keptBytes)))
    let answers = 48 * (size.outputs + Double(Confusion.limit))
    // The gradient in Floats, the weights' codes, and the file of them; samples as bytes and
    // Floats.
    return (4 + 1 + 1) * parameters + tapes + (4 + 2) * kept + answers
  }

  /// Waits until everything is written.
  ///
  /// - Throws: `FileSystemError`.
  public func finish() throws { try writer.finish() }
}
