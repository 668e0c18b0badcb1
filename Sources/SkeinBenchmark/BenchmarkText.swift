import Foundation
import SkeinFiles

extension BenchmarkReport {
  /// The report for a terminal of `width` columns.
  public func text(width: Int) -> String {
    var lines = header
    lines += ["", "strong scaling: \(counted(batchSize, "sample")) a step"]
    lines += Self.table(rows).lines(width: width)
    if let weak {
      lines += ["", "weak scaling: \(counted(batchSize, "sample")) a step and thread"]
      lines += Self.table(weak).lines(width: width)
    }
    lines += [""] + fitLines
    if !predictions.isEmpty { lines += Self.table(predictions).lines(width: width) }
    return lines.map { $0.wrapped(to: width) + "\n" }.joined()
  }

  private var header: [String] {
    [
      "\(job.printable()): \(layers.map(String.init).joined(separator: "-")), "
        + "\(counted(samples, "sample")); \(Self.repetitions(repeats))",
      "\(machine.printable()): \(cpu.printable()), \(counted(cores, "core")); "
        + system.printable(),
    ] + [topology, placement].compactMap(\.self)
      + versions.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
  }

  /// How `count` repetitions make one figure, in words.
  static func repetitions(_ count: Int) -> String {
    count == 1 ? "one repetition" : "median of \(count) repetitions, interleaved"
  }

  private static func table(_ rows: [Row]) -> TextTable {
    func column(_ title: String, _ cell: (Row) -> String) -> (title: String, cells: [String]) {
      (title, rows.map(cell))
    }
    return TextTable([
      column("threads") { "\($0.speed.threads)" },
      column("samples/s") { significant($0.speed.samplesPerSecond) },
      column("spread") { percent($0.speed.spread) },
      column("speed-up") { decimals($0.speed.speedup, 2) },
      column("efficiency") { percent($0.speed.efficiency) },
      column("GFLOP/s") { decimals($0.work.gigaflops, 1) },
      column("of peak") { percent($0.work.peakShare) },
      column("batch shards") { "\($0.work.batchShards)" },
      column("slices") { $0.work.slices.map(String.init) ?? "auto" },
      column("gather") { percent($0.work.time.gather) },
      column("forward+backward") { percent($0.work.time.forwardBackward) },
      column("reduce+update") { percent($0.work.time.reduceUpdate) },
      column("waiting") { percent($0.work.time.waiting) },
      column("serial") { percent($0.work.time.serial) },
    ])
  }

  private static func table(_ predictions: [ScalingPrediction]) -> TextTable {
    TextTable([
      ("threads", predictions.map { "\($0.threads)" }),
      ("Amdahl", predictions.map { decimals($0.amdahlSpeedup, 1) }),
      ("universal", predictions.map { decimals($0.universalSpeedup, 1) }),
      ("limited by", predictions.map(\.limit.rawValue)),
    ])
  }

  private var fitLines: [String] {
    guard let fit else {
      return ["no fit: that takes one thread, and another thread count that has a core for each"]
    }
    let known = rows.count { $0.speed.threads > 1 && $0.speed.threads <= cores }
    // A coherence close to 0 gives a best thread count that no machine has.
    let best =
      fit.bestThreads.flatMap { $0 < 1e6 ? Int($0.rounded()) : nil }
      .map { ", best at \(counted($0, "thread"))" } ?? ""
    return [
      "Amdahl: \(percent(fit.serialFraction)) serial. Universal scalability law: "
        + "contention \(percent(fit.contention)), "
        + "coherence \(percent(fit.coherence))\(best).",
      "Predicted speed-ups, from \(counted(known, "thread count")) above 1"
        + (known < 4 ? " (few: take them as a guess)" : "") + ":",
    ]
  }

  /// `value` with four significant digits, such as 98300 and 3.301.
  private static func significant(_ value: Double) -> String {
    guard value >= 1 else { return String(format: "%.4g", value) }
    let unit = pow(10, max(-3, floor(log10(value)) - 3))
    return decimals((value / unit).rounded() * unit, max(0, -Int(log10(unit).rounded())))
  }
}
