import ArgumentParser
import SkeinData

/// `skein data import`: the four MNIST-style files into a dataset.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Import the classic files of MNIST, Fashion-MNIST and the like.",
    discussion: """
      Looks in DIR for train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte \
      and t10k-labels-idx1-ubyte: as they are, .gz or .zst, also with .idx in place of -idx. The \
      first pair becomes the split train, the second one the split test; without a second pair \
      there is no test split.

      Example:
        skein data import ~/Downloads/mnist Datasets/mnist --name "MNIST digits"
      """)

  @Argument(help: "The folder with the files.", completion: .directory)
  var dir: String

  @Argument(help: "The dataset folder; it is made where it is missing.", completion: .directory)
  var out: String

  @OptionGroup(title: "About the dataset") var about: DescriptionOptions
  @OptionGroup(title: "Writing") var writing: WritingOptions

  func run() throws {
    let sources = try DatasetImport.classicFiles(in: dir)
    if sources.count == 1 {
      printWrapped(
        "No t10k- files in \(dir.printable(limit: 1000)): only the split train is written.")
    }
    let manifest = try writing.write { options, existing in
      try DatasetImport.create(
        out, from: sources, about.description, options: options, existing: existing)
    }
    printWrapped(manifest.written(to: out))
  }
}
