import Foundation
import SkeinConfig
import SkeinData
import SkeinReport
import SkeinTraining

/// Writes TensorBoard's event file into the run folder as the run goes.
///
/// Records are appended whole and never changed. A run that goes on drops what its file holds from
/// after its checkpoint, and a record that a stop has cut in two.
final class EventRecorder: TrainingObserver {
  private let path: String
  private let learningRate: Double

  /// Opens the run's event file, or makes one that begins with the job.
  ///
  /// - Parameter step: steps of the checkpoint that the run goes on from.
  /// - Throws: `FileSystemError`.
  init(_ run: RunFolder, job: Job, step: Int) throws {
    learningRate = Double(job.optimizer.learningRate)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: run.path)) ?? []
    if let name = names.filter({ $0.hasPrefix(Self.prefix) }).min() {
      path = run.path + "/" + name
      let bytes = FileManager.default.contents(atPath: path) ?? Data()
      try AtomicFile.write(Events.kept(Array(bytes), through: step), to: path)
    } else {
      let time = Self.now
      path = run.path + "/\(Self.prefix)\(Int(time)).skein"
      try AtomicFile.write(
        Events.version(time: time)
          + Events.text(job.yaml, tag: "job", step: 0, time: time), to: path)
    }
  }

  /// Adds eight samples, for a run that has just begun.
  func begin(_ run: RunRecord) throws {
    let size = run.facts.sampleShape.reduce(1, *)
    let elements = SampleElements(run.samples).floats
    let shown = (0..<min(8, run.rows.count)).map { index in
      (
        tag: "samples/\(run.rows[index])",
        elements: Array(elements[(index * size)..<((index + 1) * size)])
      )
    }
    try append(
      Events.images(
        shown, shape: run.facts.sampleShape, low: elements.min() ?? 0, high: elements.max() ?? 1,
        step: 0, time: Self.now))
  }

  /// Adds the histograms of every layer.
  func add(_ record: EpochRecord) throws {
    let layers = record.layers.enumerated()
    try append(
      Events.histograms(
        layers.flatMap { index, layer in
          [
            ("weights/layers.\(index).weight", HistogramNumbers(layer.weightHistogram)),
            ("gradients/layers.\(index).weight", HistogramNumbers(layer.gradientHistogram)),
          ]
        }, step: record.step, time: Self.now)
        + Events.scalars(
          layers.map { ("gradient_norm/layers.\($0)", $1.gradientNorm) }, step: record.step,
          time: Self.now))
  }

  func stepEnded(_ progress: TrainingProgress) {}

  /// - Throws: `FileSystemError`.
  func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) throws {
    var values = [
      ("loss/train", metrics.trainLoss), ("accuracy/train", metrics.trainAccuracy),
      ("speed/samples_per_second", metrics.samplesPerSecond), ("learning_rate", learningRate),
    ]
    if let loss = metrics.testLoss { values.append(("loss/test", loss)) }
    if let accuracy = metrics.testAccuracy { values.append(("accuracy/test", accuracy)) }
    try append(Events.scalars(values, step: metrics.step, time: Self.now))
  }

  private static let prefix = "events.out.tfevents."

  private static var now: Double { Date().timeIntervalSince1970 }

  private func append(_ bytes: [UInt8]) throws { try LogFile.append(bytes, to: path) }
}
