import SkeinFiles
import SkeinRecord
import SkeinReport

extension BenchmarkReport {
  /// The part that pictures are drawn from, names made printable.
  public var scalingTable: ScalingTable {
    ScalingTable(
      job: job.printable(), machine: machine.printable(), cores: cores, cpu: cpu.printable(),
      rows: rows.map(\.speed), fit: fit)
  }

  /// Speed-up against threads, with the ideal line and the fits.
  public var figure: SVG { ScalingFigure.svg(scalingTable) }
}
