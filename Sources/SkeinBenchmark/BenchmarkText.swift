import Foundation

extension BenchmarkReport {
  /// The report for a terminal of `width` columns.
  public func text(width: Int) -> String {
    var lines = header
    lines += ["", "strong scaling: \(batchSize) samples a step"]
    lines += Self.table(rows).lines(width: width)
    if let weak {
      lines += ["", "weak scaling: \(batchSize) samples a step and thread"]
      lines += Self.table(weak).lines(width: width)
    }
    lines += [""] + fitLines
    if !predictions.isEmpty { lines += Self.table(predictions).lines(width: width) }
    return lines.flatMap { Self.wrapped($0, width: width) }.map { $0 + "\n" }.joined()
  }

  private var header: [String] {
    [
      "\(job): \(layers.map(String.init).joined(separator: "-")), \(samples) samples; "
        + "median of \(repeats) repetitions, interleaved",
      "\(machine): \(cpu), \(cores) cores; \(system)",
    ] + versions.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
  }

  private static func table(_ rows: [Row]) -> TextTable {
    func column(_ title: String, _ cell: (Row) -> String) -> (title: String, cells: [String]) {
      (title, rows.map(cell))
    }
    return TextTable([
      column("threads") { "\($0.threads)" },
      column("samples/s") { significant($0.samplesPerSecond) },
      column("spread") { percent($0.spread) },
      column("speed-up") { decimals($0.speedup, 2) },
      column("efficiency") { percent($0.efficiency) },
      column("GFLOP/s") { decimals($0.gigaflops, 1) },
      column("of peak") { percent($0.peakShare) },
      column("batch shards") { "\($0.batchShards)" },
      column("gather") { percent($0.time.gather) },
      column("forward+backward") { percent($0.time.forwardBackward) },
      column("reduce+update") { percent($0.time.reduceUpdate) },
      column("waiting") { percent($0.time.waiting) },
      column("serial") { percent($0.time.serial) },
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
    let known = rows.count { $0.threads > 1 && $0.threads <= cores }
    let best = fit.bestThreads.map { ", best at \(Int($0.rounded())) threads" } ?? ""
    return [
      "Amdahl: \(Self.percent(fit.serialFraction)) serial. Universal scalability law: "
        + "contention \(Self.percent(fit.contention)), "
        + "coherence \(Self.percent(fit.coherence))\(best).",
      "Predicted speed-ups, from \(known) thread count\(known == 1 ? "" : "s") above 1"
        + (known < 4 ? " (few: take them as a guess)" : "") + ":",
    ]
  }

  /// `line` in pieces of at most `width` characters, broken at spaces; a table's lines fit already.
  static func wrapped(_ line: String, width: Int) -> [String] {
    guard line.count > width, !line.hasPrefix(" ") else { return [line] }
    var lines: [String] = []
    for word in line.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append((lines.isEmpty ? "" : "  ") + word)
      }
    }
    return lines
  }

  private static func percent(_ share: Double) -> String { decimals(100 * share, 1) + " %" }

  private static func decimals(_ value: Double, _ count: Int) -> String {
    String(format: "%.\(count)f", value)
  }

  /// Four significant digits, as 98300 and 3.301.
  private static func significant(_ value: Double) -> String {
    guard value >= 1 else { return String(format: "%.4g", value) }
    let unit = pow(10, max(-3, floor(log10(value)) - 3))
    return decimals((value / unit).rounded() * unit, max(0, -Int(log10(unit).rounded())))
  }
}
