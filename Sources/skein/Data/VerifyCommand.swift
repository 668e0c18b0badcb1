import ArgumentParser
import SkeinData
import SkeinFiles
import SkeinWorkers

/// `skein data verify`: checks all shard files of a dataset.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check every shard file of a dataset.",
    discussion: """
      Checks presence, size, SHA-256, compression, header, dimensions and labels, as training \
      does before its first step. Prints a line per shard file, and ends with exit code 3 and all \
      faults where there are some.

      Example:
        skein data verify Datasets/lines
      """)

  @Argument(help: "A dataset folder.", completion: .directory)
  var path: String

  func run() throws {
    let folder = try DatasetFolder(opening: path)
    let reports = try Progress.show("checking") {
      try folder.verify(threads: Machine.availableCores, report: $0)
    }
    for report in reports {
      printWrapped(
        (report.faults.isEmpty ? "ok     " : "FAULT  ") + report.file.printable(limit: 1000))
    }
    let faults = reports.flatMap(\.faults)
    guard faults.isEmpty else { throw DataError(faults) }
    printWrapped("\(counted(reports.count, "shard file")), all sound")
  }
}
