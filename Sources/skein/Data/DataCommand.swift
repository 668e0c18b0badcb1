import ArgumentParser

/// `skein data …`: all commands for datasets.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Make, check and look at datasets.",
    discussion: """
      A dataset is a folder: dataset.json, and shard files that hold samples and labels in the IDX \
      format, compressed with zstd.

      Example:
        skein data import ~/Downloads/mnist Datasets/mnist
        skein data inspect Datasets/mnist
        skein data show Datasets/mnist --count 8
      """,
    subcommands: [
      LinesCommand.self, PackCommand.self, ImportCommand.self, CSVCommand.self,
      InspectCommand.self, VerifyCommand.self, ShowCommand.self,
    ])
}
