import SkeinAutograd
import SkeinData
import SkeinModel
import SkeinRecord
import SkeinTraining

/// Records what pictures of a run are drawn from, before the first epoch and after every epoch.
///
/// It runs a few hundred samples through the network, on the calling thread. It only reads the
/// parameters, so it changes no trained bit. Files are written on a thread of their own. If writing
/// one fails, the next step throws the error.
///
/// A resumed run removes what was recorded after its checkpoint. If the epoch of the checkpoint is
/// missing, it is recorded again, but without its evaluation. Put this observer before the one that
/// saves checkpoints, so that the epoch is there.
package final class HistoryRecorder: TrainingObserver {
  /// How many test samples give the activations.
  static let probeSamples = 300
  /// How many training samples give the gradients.
  static let gradientSamples = 64
  /// The most samples that are kept for the pictures.
  static let keptSamples = 1000
  /// The most bytes of samples that are kept for the pictures.
  static let keptBytes = 1 << 20

  private let history: RunHistory
  /// The record of the run as a whole.
  package let run: RunRecord
  /// Where the samples come from that are shown.
  private let source: any SampleSource
  private let probe: Probe
  private let writer = BackgroundWriter()
  private let evaluator: Evaluator?
  private let consume: (EpochRecord) throws -> Void

  /// - Parameters:
  ///   - history: the folder to record into.
  ///   - model: the network. Its parameters are read after every epoch.
  ///   - objective: gives the loss whose gradients are recorded.
  ///   - dataset: names the dataset and its classes.
  ///   - train: the training samples, which give the gradients.
  ///   - test: the samples that are shown and give the activations; nil to show training samples.
  ///   - evaluator: what evaluates the test split. Its last result is recorded.
  ///   - shards: how a batch is cut into batch shards.
  ///   - threads: how many threads the run has.
  ///   - consume: gets every record, on the calling thread.
  /// - Throws: what the sources throw.
  /// - Precondition: both sources have samples.
  package init(
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
        dataset: dataset.name, classes: dataset.classes,
        targets: objective.values.map(RunRecord.Targets.init), sampleShape: source.sampleShape,
        scale: source.scale, trainSamples: train.count, split: source.splitName ?? "",
        splitSamples: source.count,
        probeSamples: min(Self.probeSamples, kept.count), gradientSamples: gradientRows.count,
        parameters: model.network.layout.parameterCount, batchShards: shards.count,
        threads: threads, host: machine.host, processor: machine.processor, cores: machine.cores,
        system: machine.system),
      samples: try Self.samples(kept, of: source, objective.values))
    self.run = run
    probe = try Probe(
      model, objective, test: source, testRows: run.probed.map { kept[$0] },
      train: train, trainRows: gradientRows)
  }

  /// Makes the history ready for training from `progress`. Call it before the first step.
  ///
  /// It removes what was recorded after `progress`. It records the epoch of `progress` if that is
  /// missing: in a new run, this is the network before training.
  ///
  /// - Throws: `FileSystemError`, and what `consume` throws.
  package func begin(_ progress: TrainingProgress) throws {
    try history.write(run)
    // A new run removes epoch 0 too, so that it is recorded again and `consume` gets it.
    try history.drop(after: progress.step == 0 ? -1 : progress.epoch)
    guard progress.batch == 0, !history.epochs.contains(progress.epoch) else { return }
    try record(progress, evaluation: nil)
  }

  /// Checks that earlier records could be written.
  ///
  /// - Throws: `FileSystemError`.
  package func stepEnded(_ progress: TrainingProgress) throws { try writer.check() }

  /// Records the epoch, with the last result of the evaluator.
  ///
  /// - Throws: `FileSystemError`, and what `consume` throws.
  package func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) throws {
    try record(progress, evaluation: evaluator?.last)
  }

  /// The samples `rows`, with their classes or their values, in these values' own units.
  private static func samples(
    _ rows: [Int], of source: any SampleSource, _ targets: ValueTargets?
  ) throws -> LabelledSamples {
    let input = try BatchInput(Tape(), reading: rows, of: source)
    let values = input.values.enumerated().map { place, value in
      targets.map { Float($0.restored(value, place % $0.count)) } ?? value
    }
    return LabelledSamples(
      rows: rows, labels: input.labels.map(Int.init), values: values,
      elements: try SampleElements(rows, of: source))
  }

  private func record(_ progress: TrainingProgress, evaluation: Evaluation?) throws {
    let (layers, plane) = probe.look()
    let record = EpochRecord(
      epoch: progress.epoch, step: progress.step, layers: layers, plane: plane.coordinates,
      explained: plane.explained,
      confusion: evaluation.map { $0.values == nil ? Confusion($0) : Confusion() } ?? Confusion(),
      mistakes: try (evaluation?.mistakes ?? []).map {
        MistakeRecord(
          row: $0.row, label: $0.label, predicted: $0.predicted, score: $0.score,
          sample: try SampleElements([$0.row], of: source))
      },
      values: try evaluation?.values.map { try ValueRecord($0, of: source) })
    let history = history
    try writer.submit { try history.write(record) }
    try consume(record)
  }

  /// The memory that recording takes for a network of `size`, in bytes, approximately.
  ///
  /// It is taken by the probe's gradient and tapes, the hidden states in their plane, an epoch's
  /// record and its file, the kept samples, and the counts per class and pair.
  package static func memory(_ size: NetworkSize) -> Double {
    let (inputs, parameters) = (size.inputs, size.parameters)
    // The test samples need no gradients, and no loss.
    let tapes =
      4 * (inputs + size.evaluated) * Double(probeSamples)
      + 4 * (inputs + size.trained + 2 * size.outputs) * Double(gradientSamples)
    // The plane's points, centred, transposed and back again, each on a tape and beside it.
    let plane = 4 * 6 * size.lastHidden * Double(probeSamples)
    let kept = max(inputs, min(Double(keptSamples) * inputs, Double(keptBytes)))
    let answers = 48 * (size.outputs + Double(Confusion.limit + ValueRecord.limit))
    // A parameter takes 4 bytes for its gradient, 1 for its code, and 1 for the code in the file.
    // Kept samples are held as bytes and as Floats.
    return (4 + 1 + 1) * parameters + tapes + plane + (4 + 2) * kept + answers
  }

  /// Waits until everything is written.
  ///
  /// - Throws: `FileSystemError`.
  package func finish() throws { try writer.finish() }
}
