import ArgumentParser
import SkeinData
import SkeinFiles

/// `skein data import`: makes a dataset from the four files of MNIST, or of a similar dataset.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Import the classic files of MNIST, Fashion-MNIST and the like.",
    discussion: """
      Looks in DIR for train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte \
      and t10k-labels-idx1-ubyte: as they are, .gz or .zst, also with .idx in place of -idx, with \
      test- in place of t10k-, and with a set's name in front, as EMNIST and QMNIST have it. Where \
      DIR has none of them, its folders are looked through, as torchvision's MNIST/raw. The first \
      pair becomes the split train, the second one the split test; without a second pair there is \
      no test split.

      Example:
        skein data import ~/Downloads/mnist Datasets/mnist --name "MNIST digits"
        skein data import EMNIST letters --set letters --first-label 1 --transpose
      """)

  @Argument(help: "The folder with the files.", completion: .directory)
  var dir: String

  @Argument(help: "The dataset folder; it is made where it is missing.", completion: .directory)
  var out: String

  @Option(
    help: ArgumentHelp(
      "Which set, where DIR holds several: letters for emnist-letters-train-….",
      valueName: "name"))
  var set: String?

  @OptionGroup(title: "Reading") var read: ReadingOptions
  @OptionGroup(title: "About the dataset") var about: DescriptionOptions
  @OptionGroup(title: "Writing") var writing: WritingOptions

  func run() throws {
    let sources = try DatasetImport.classicFiles(in: dir, set: set)
    if sources.count == 1 {
      let folder = dir.printable(limit: 1000)
      printWrapped("No t10k- or test- files in \(folder): only the split train is written.")
    }
    try WritingOptions.refuseRun(in: out)
    let manifest = try writing.write { options, existing in
      try DatasetImport.create(
        out, from: sources, about.description, reading: read.reading, options: options,
        existing: existing)
    }
    printWrapped(manifest.written(to: out))
  }
}
