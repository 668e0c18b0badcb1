import SkeinFiles
import SkeinReport

extension BenchmarkReport {
  /// The part that pictures are drawn from, names made printable.
  public var scalingTable: ScalingTable {
    ScalingTable(
      job: job.printable(), machine: machine.printable(), cores: cores, cpu: cpu.printable(),
      rows: rows.map {
        ScalingTable.Row(
          threads: $0.threads, samplesPerSecond: $0.samplesPerSecond, speedup: $0.speedup,
          efficiency: $0.efficiency, spread: $0.spread)
      },
      fit: fit.map {
        ScalingTable.Fit(
          serialFraction: $0.serialFraction, contention: $0.contention, coherence: $0.coherence)
      })
  }

  /// Speed-up against threads, with the ideal line and the fits.
  public var figure: SVG { ScalingFigure.svg(scalingTable) }
}
