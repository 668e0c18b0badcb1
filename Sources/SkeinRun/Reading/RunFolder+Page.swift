import SkeinFiles
import SkeinReport

extension RunFolder {
  /// Draws the run as one web page.
  ///
  /// - Parameters:
  ///   - file: where to; nil for the run's own, `report.html` in its folder.
  ///   - needsBest: whether a damaged best checkpoint is an error. Without it the page has that
  ///     epoch's weights as they were recorded, in 6 bits, and `warn` is told.
  ///   - report: gets how many parts are drawn, and how many there are.
  /// - Throws: `RunFolderError` for a folder without a run or without a history, and the errors of
  ///   the files in it.
  public func drawPage(
    to file: String? = nil, needsBest: Bool = true, warn: (String) -> Void = { _ in },
    report: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    // One part more, for the drawing itself.
    let numbers = try RunNumbers(self, needsBest: needsBest, warn: warn) { report($0, $1 + 1) }
    let bytes = Array(try Page.html(numbers).utf8)
    // The run's own page is never a way out of its folder.
    if let file, file != reportFile {
      try OutputFile.write(bytes, to: file)
    } else {
      try AtomicFile.write(bytes, to: reportFile)
    }
  }
}
