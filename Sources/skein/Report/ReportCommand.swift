import ArgumentParser
import Foundation
import SkeinFiles
import SkeinReport
import SkeinRun

/// `skein report RUN`.
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
    help: "Where to write the page (default: report.html in the run's folder).",
    completion: .file(extensions: ["html"]))
  var out: String?

  func validate() throws {
    if let out { try FileKind.page.check(out, option: "--out") }
  }

  func run() throws {
    let folder = RunFolder(path: path)
    if out == nil { try folder.inspect("report.html") }
    let file = out ?? folder.reportFile
    try Self.write(folder, to: file)
    printPath("page", file)
  }

  /// Writes the page of the run in `folder`; `needsBest` as for its numbers.
  static func write(_ folder: RunFolder, to file: String, needsBest: Bool = true) throws {
    let page = try Progress.show("drawing") { report in
      // One part more, for the drawing itself.
      try Page.html(RunNumbers(folder, needsBest: needsBest, warn: warn) { report($0, $1 + 1) })
    }
    let bytes = Array(page.utf8)
    // The run's own page is never a way out of its folder.
    if file == folder.reportFile {
      try AtomicFile.write(bytes, to: file)
    } else {
      try OutputFile.write(bytes, to: file)
    }
  }
}
