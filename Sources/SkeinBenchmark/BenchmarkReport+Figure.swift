import SkeinFiles
import SkeinRecord
import SkeinReport

extension BenchmarkReport {
  /// The part of the report that pictures are drawn from. Its names are printable.
  public var scalingTable: ScalingTable {
    ScalingTable(
      job: job.printable(), machine: machine.printable(), cores: cores, cpu: cpu.printable(),
      rows: rows.map(\.speed), fit: fit)
  }

  /// The speed-up against the number of threads, with the ideal line and both fits.
  public var figure: SVG { ScalingFigure.svg(scalingTable) }
}
