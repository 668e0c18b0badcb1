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
  private var bestMetrics: EpochMetrics?

  func begin(_ prepared: PreparedJob, train: Int, test: Int?, from progress: TrainingProgress) {
    epochs = prepared.job.training.epochs
    let widths = prepared.architecture.widths.map(String.init).joined(separator: "-")
    let count = prepared.architecture.layout.parameterCount
    print(
      "\(prepared.job.name.printable()): \(widths), \(count) parameters; \(train) train samples"
        + (test.map { ", \($0) test samples" } ?? "") + "; \(prepared.threads) threads, "
        + "\(prepared.shards.count) batch shards")
    if let hint = prepared.idleCoresHint { print(hint) }
    let batch = progress.batch > 0 ? ", batch \(progress.batch) of the next" : ""
    if progress.step > 0 { print("going on after epoch \(progress.epoch)\(batch)") }
    if progress.epoch >= epochs { print("all \(epochs) epochs are done") }
  }

  /// Says which thread count was chosen, and why.
  func chose(_ threads: Int, _ trials: [ThreadTuner.Trial]) {
    let times = trials.map {
      "\($0.workers): \(number($0.secondsPerStep * 1000, 3)) ms"
    }.joined(separator: ", ")
    clearLine()
    print("threads: \(threads), the fastest of those tried (time of a step with \(times))")
  }

  func stepEnded(_ progress: TrainingProgress) {
    guard isLive else { return }
    let now = DispatchTime.now().uptimeNanoseconds
    guard now - lastDraw > 100_000_000 else { return }
    lastDraw = now
    let samples = Double(max(progress.totals.samples, 1))
    let loss = number(progress.totals.lossSum / samples, 4)
    let text =
      "epoch \(progress.epoch + 1)/\(epochs)  step \(progress.batch)/\(progress.batches)  "
      + "loss \(loss)"
    write("\r\u{1B}[K" + String(text.prefix(79)))
  }

  func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) {
    clearLine()
    var line =
      "epoch \(metrics.epoch)/\(epochs)  loss \(number(metrics.trainLoss, 4))  "
      + "accuracy \(percent(metrics.trainAccuracy))"
    if let loss = metrics.testLoss, let accuracy = metrics.testAccuracy {
      line += "  test loss \(number(loss, 4))  test accuracy \(percent(accuracy))"
    }
    print(line + "  \(Int(metrics.samplesPerSecond)) samples/s")
    fflush(nil)
    lastMetrics = metrics
    if metrics.testAccuracy ?? 0 > bestMetrics?.testAccuracy ?? -1 { bestMetrics = metrics }
  }

  func end(_ run: RunFolder) {
    if let accuracy = lastMetrics?.testAccuracy {
      let best = bestMetrics.flatMap { best in
        best.testAccuracy == accuracy
          ? nil : best.testAccuracy.map { " (best: \(percent($0)) after epoch \(best.epoch))" }
      }
      print("accuracy on held-out samples: \(percent(accuracy))\(best ?? "")")
    }
    print("run folder: \(run.path.printable())")
  }

  func warn(_ text: String) {
    clearLine()
    write("skein: warning: \(text)\n", to: .standardError)
  }

  private func clearLine() {
    if isLive { write("\r\u{1B}[K") }
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
