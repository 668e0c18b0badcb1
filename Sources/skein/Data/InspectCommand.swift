import ArgumentParser
import SkeinData
import SkeinWorkers

/// `skein data inspect`: says what a dataset or an array file holds.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what a dataset or a single array file holds.",
    discussion: """
      For a dataset: name, classes or values, sample shape and type, and per split the samples of \
      each class or the range of each value, the range of elements, shard files and bytes. For an \
      IDX or NumPy file, as it is, in gzip or in zstd, for - (standard input) and for an array of \
      an archive, FILE.npz:NAME: \
      shape, type and range. Everything is read and checked on the way.

      Example:
        skein data inspect Datasets/lines --json
      """)

  @Argument(help: "A dataset folder, or an IDX or NumPy file.", completion: .file())
  var path: String

  @Flag(help: "Print JSON for programs.")
  var json = false

  func run() throws {
    if ArraySummary.isArray(path) {
      let summary = try Progress.show("reading") { try ArraySummary(path: path, report: $0) }
      try show(summary, summary.text)
    } else {
      let folder = try DatasetFolder(opening: path)
      let summary = try Progress.show("reading") {
        try DatasetSummary(of: folder, threads: Machine.availableCores, report: $0)
      }
      try show(summary, summary.text)
    }
  }

  private func show(_ summary: some Encodable, _ text: String) throws {
    if json { try printJSON(summary) } else { printWrapped(text) }
  }
}
