import SkeinFiles
import SkeinReport

extension RunFolder {
  /// Draws the run as one web page.
  ///
  /// - Parameters:
  ///   - file: where to write the page; nil for `report.html` in the run's folder.
  ///   - needsBest: whether a damaged best checkpoint is an error. If not, the page has the
  ///     recorded weights of that epoch, in 6 bits, and `warn` gets a line.
  ///   - warn: gets a line for each thing that the page lacks, such as an epoch whose record is
  ///     damaged.
  ///   - report: gets how many parts are drawn, and how many there are.
  /// - Throws: `RunFolderError` for a folder without a run or without a history, and the errors of
  ///   the files in it.
  public func drawPage(
    to file: String? = nil, needsBest: Bool = true, warn: (String) -> Void = { _ in },
    report: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    // The drawing itself counts as one more part.
    let numbers = try RunNumbers(self, needsBest: needsBest, warn: warn) { report($0, $1 + 1) }
    let bytes = Array(try Page.html(numbers).utf8)
    // A symbolic link in the place of the run's own page is replaced, and not followed out of the
    // folder.
    if let file, file != reportFile {
      try OutputFile.write(bytes, to: file)
    } else {
      try AtomicFile.write(bytes, to: reportFile)
    }
  }
}
