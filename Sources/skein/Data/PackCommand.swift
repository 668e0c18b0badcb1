import ArgumentParser
import SkeinData

/// `skein data pack`: packs array files into one split of a dataset.
struct PackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack",
    abstract: "Pack samples with labels or values into a split of a dataset.",
    discussion: """
      Reads IDX files and NumPy arrays (.npy), as they are or in gzip or zstd; - is standard \
      input. FILE.npz:NAME is one array of an archive; without :NAME it is the only one, or the \
      one with the usual name: x_train, train_images or images and y_train, train_labels or \
      labels, for another split with its name.
      Run it again with another --split to add that split to the same dataset. Samples keep their \
      type: uint8, int8, int16, int32, float32 or float64; float16 becomes float32, and other \
      integers become int32 where they fit. Labels are whole numbers from 0 on, one per sample, \
      or one-hot rows. Numbers with fractions, one per sample or several, are values for \
      regression; --regression takes whole numbers as values too.

      Example:
        skein data pack shapes --images x.npy --labels y.npy --classes circle,square
        skein data pack shapes --images xt.npy --labels yt.npy --split test
        skein data pack houses --images x.npy --labels prices.npy --target-names price
      """)

  @Argument(help: "The dataset folder; it is made where it is missing.", completion: .directory)
  var out: String

  @Option(
    help: ArgumentHelp(
      "The samples: an array whose first dimension counts them.", valueName: "file"),
    completion: .file())
  var images: String

  @Option(
    help: ArgumentHelp("The targets: a whole number per sample, or values.", valueName: "file"),
    completion: .file())
  var labels: String

  @Option(
    help: ArgumentHelp(
      "How much each sample counts in the loss: a number from 0 on per sample.", valueName: "file"),
    completion: .file())
  var weights: String?

  @Option(help: "The split to write; training jobs look for train and test.")
  var split = "train"

  @OptionGroup(title: "Values") var targets: TargetOptions
  @OptionGroup(title: "Reading") var read: ReadingOptions
  @OptionGroup(title: "About a new dataset") var about: DescriptionOptions
  @OptionGroup(title: "Writing") var writing: WritingOptions

  func validate() throws {
    guard targets.areValues else { return }
    guard about.classes == nil, read.firstLabel == 0 else {
      throw ValidationError(
        "--classes and --first-label are for classes, and --regression, --target-names and "
          + "--raw-targets for values.")
    }
  }

  func run() throws {
    try WritingOptions.refuseRun(in: out)
    var (reading, description) = (read.reading, about.description)
    if targets.areValues { reading.targets = .values }
    description.targets = targets.names
    let manifest = try writing.write { options, existing in
      var options = options
      options.standardises = !targets.rawTargets
      return try DatasetImport.add(
        .init(split: split, images: images, labels: labels, weights: weights), to: out, description,
        reading: reading, options: options, existing: existing)
    }
    printWrapped(manifest.written(to: out))
  }
}
