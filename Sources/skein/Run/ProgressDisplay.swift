import Dispatch
import Foundation
import SkeinConfig
import SkeinData
import SkeinTraining

/// Shows a run as it goes: a live line on a terminal, one plain line per epoch everywhere.
final class ProgressDisplay: TrainingObserver {
  private let isLive = isatty(STDOUT_FILENO) == 1
  private var epochs = 0
  private var lastDraw: UInt64 = 0
  private var lastMetrics: EpochMetrics?

  func begin(_ prepared: PreparedJob, train: Int, test: Int?, from epoch: Int) {
    epochs = prepared.job.training.epochs
    let widths = prepared.architecture.widths.map(String.init).joined(separator: "-")
    let count = prepared.architecture.layout.parameterCount
    print(
      "\(prepared.job.name.printable()): \(widths), \(count) parameters; \(train) train samples"
        + (test.map { ", \($0) test samples" } ?? "") + "; \(prepared.threads) threads, "
        + "\(prepared.shards.count) batch shards")
    if epoch > 0 { print("going on after epoch \(epoch)") }
    if epoch >= epochs { print("all \(epochs) epochs are done") }
  }

  func stepEnded(_ progress: TrainingProgress) -> Bool {
    guard isLive else { return true }
    let now = DispatchTime.now().uptimeNanoseconds
    guard now - lastDraw > 100_000_000 else { return true }
    lastDraw = now
    let samples = Double(max(progress.totals.samples, 1))
    let loss = number(progress.totals.lossSum / samples, 4)
    let text =
      "epoch \(progress.epoch + 1)/\(epochs)  step \(progress.batch)/\(progress.batches)  "
      + "loss \(loss)"
    write("\r\u{1B}[K" + String(text.prefix(79)))
    return true
  }

  func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) {
    if isLive { write("\r\u{1B}[K") }
    var line =
      "epoch \(metrics.epoch)/\(epochs)  loss \(number(metrics.trainLoss, 4))  "
      + "accuracy \(percent(metrics.trainAccuracy))"
    if let loss = metrics.testLoss, let accuracy = metrics.testAccuracy {
      line += "  test loss \(number(loss, 4))  test accuracy \(percent(accuracy))"
    }
    print(line + "  \(Int(metrics.samplesPerSecond)) samples/s")
    fflush(nil)
    lastMetrics = metrics
  }

  func end(_ run: RunFolder) {
    if let accuracy = lastMetrics?.testAccuracy {
      print("accuracy on held-out samples: \(percent(accuracy))")
    }
    print("run folder: \(run.path.printable())")
  }

  func warn(_ text: String) {
    write("skein: warning: \(text)\n", to: .standardError)
  }

  private func write(_ text: String, to handle: FileHandle = .standardOutput) {
    fflush(nil)
    try? handle.write(contentsOf: Data(text.utf8))
  }
}

/// `value` with `digits` decimals.
func number(_ value: Double, _ digits: Int) -> String {
  String(format: "%.\(digits)f", value)
}

/// A share as a percentage with one decimal.
func percent(_ share: Double) -> String { number(share * 100, 1) + " %" }
