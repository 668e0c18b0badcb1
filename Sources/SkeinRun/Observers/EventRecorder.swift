import Foundation
import SkeinConfig
import SkeinFiles
import SkeinRecord
import SkeinReport
import SkeinTraining

/// Writes a TensorBoard event file into the run's folder during training.
///
/// Records are appended whole and never changed. A resumed run begins a new file and leaves the
/// older files alone. The name of the new file sorts last, so a running TensorBoard moves on to it.
/// The new file first declares void what was recorded after the checkpoint.
final class EventRecorder: TrainingObserver {
  private let path: String
  /// The first step that this file records.
  private let first: Int

  /// Makes an event file. The run's first one begins with the job.
  ///
  /// - Parameters:
  ///   - run: the run's folder.
  ///   - job: the run's job.
  ///   - step: the step of the checkpoint that the run continues from; 0 for a new run.
  /// - Throws: `FileSystemError`.
  init(_ run: RunFolder, job: Job, step: Int) throws {
    first = step == 0 ? 0 : step + 1
    let names = try FolderListing.names(in: run.path) ?? []
    let newest = names.filter(RunFolder.isEvents).compactMap { name in
      Int(name.dropFirst(Self.prefix.count).dropLast(Self.suffix.count))
    }.max()
    let time = Self.now
    // TensorBoard compares names as texts. All numbers have ten digits until the year 2286.
    let number = max(Int(time), newest.map { min($0, 9_999_999_998) + 1 } ?? 0)
    path = run.path + "/\(Self.prefix)\(number)\(Self.suffix)"
    var records = try Events.version(time: time)
    if newest != nil { records += try Events.start(step: first, time: time) }
    if newest == nil || step == 0 {
      records += try Events.text(job.yaml, tag: "job", step: first, time: time)
    }
    try AtomicFile.write(records, to: path)
  }

  /// Adds pictures of the first eight samples. Call it for a new run only.
  ///
  /// - Throws: `FileSystemError`.
  func begin(_ run: RunRecord) throws {
    let size = run.facts.sampleShape.reduce(1, *)
    let elements = run.samples.elements.floats
    let shown = (0..<min(8, run.samples.rows.count)).map { index in
      (
        tag: "samples/\(run.samples.rows[index])",
        elements: Array(elements[(index * size)..<((index + 1) * size)])
      )
    }
    try append(
      Events.images(
        shown, shape: run.facts.sampleShape, low: elements.min() ?? 0, high: elements.max() ?? 1,
        step: 0, time: Self.now))
  }

  /// Adds every layer's histograms and gradient norm, unless an earlier file has them.
  ///
  /// - Throws: `FileSystemError`.
  func add(_ record: EpochRecord) throws {
    guard record.step >= first else { return }
    let layers = record.layers.enumerated()
    try append(
      Events.histograms(
        layers.flatMap { index, layer in
          [
            ("weights/layers.\(index).weight", layer.weightHistogram),
            ("gradients/layers.\(index).weight", layer.gradientHistogram),
          ].compactMap { tag, histogram in histogram.map { (tag, $0) } }
        }, step: record.step, time: Self.now)
        + Events.scalars(
          layers.compactMap { index, layer in
            layer.gradientNorm.map { ("gradient_norm/layers.\(index)", $0) }
          }, step: record.step,
          time: Self.now))
  }

  /// Adds the epoch's losses, accuracies or errors, speed and learning rate.
  ///
  /// - Throws: `FileSystemError`.
  func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) throws {
    var values = [
      ("loss/train", metrics.trainLoss),
      metrics.trainError.map { ("error/train", $0) }
        ?? ("accuracy/train", metrics.trainAccuracy ?? 0),
      ("speed/samples_per_second", metrics.samplesPerSecond),
    ]
    if let rate = metrics.learningRate { values.append(("learning_rate", rate)) }
    if let loss = metrics.validationLoss { values.append(("loss/validation", loss)) }
    if let accuracy = metrics.validationAccuracy {
      values.append(("accuracy/validation", accuracy))
    }
    if let error = metrics.validationError { values.append(("error/validation", error)) }
    if let loss = metrics.testLoss { values.append(("loss/test", loss)) }
    if let accuracy = metrics.testAccuracy { values.append(("accuracy/test", accuracy)) }
    if let error = metrics.testError { values.append(("error/test", error)) }
    try append(Events.scalars(values, step: metrics.step, time: Self.now))
  }

  private static let prefix = "events.out.tfevents."
  private static let suffix = ".skein"

  /// Seconds since 1970.
  private static var now: Double { Date().timeIntervalSince1970 }

  private func append(_ bytes: [UInt8]) throws { try LogFile.append(bytes, to: path) }
}
