import ArgumentParser
import SkeinRun

/// `skein report RUN`: draws a run as one web page.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Draw a run as one web page.",
    discussion: """
      Writes report.html into the run's folder: learning curves, the network with a slider over \
      its epochs, a canvas to draw on, answers, histograms. It is one file, without scripts or \
      pictures from elsewhere; open it in any browser. `skein train` writes it at its end.

      Example:
        skein report Runs/first
      """)

  @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"), completion: .directory)
  var path: String

  @Option(
    help: ArgumentHelp(
      "Where to write the page (default: report.html in the run's folder).", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var out: String?

  func validate() throws {
    if let out { try FileKind.page.check(out, option: "--out") }
  }

  func run() throws {
    let folder = RunFolder(path: path)
    if out == nil { try folder.inspect("report.html") }
    try Progress.show("drawing") { try folder.drawPage(to: out, warn: warn, report: $0) }
    printPath("page", out ?? folder.reportFile)
  }
}
