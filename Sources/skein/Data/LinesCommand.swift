import ArgumentParser
import SkeinData

/// `skein data lines`: simulates the lecture's images of lines.
struct LinesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lines",
    abstract: "Simulate images of lines, the smallest dataset that shows learning.",
    discussion: """
      Images of 10 × 1 pixels, 0 or 1, each with one line of length 1 to 5 at a random place; the \
      class is the length. Classes occur equally often. The same seed and counts give the same \
      samples.

      Example:
        skein data lines Datasets/lines --seed 1234
        skein data show Datasets/lines
      """)

  @Argument(help: "The dataset folder; it is made where it is missing.", completion: .directory)
  var out: String

  @Option(help: "Seed of the random numbers, any whole number from 0 on; its low 32 bits count.")
  var seed: UInt64

  @Option(help: ArgumentHelp("Samples of the split train.", valueName: "count"))
  var train = 10_000

  @Option(help: ArgumentHelp("Samples of the split test; 0 leaves it out.", valueName: "count"))
  var test = 2_000

  @OptionGroup(title: "Writing") var writing: WritingOptions

  func validate() throws {
    // The simulation keeps five numbers per sample in memory. The limit keeps them below 2 GB.
    let range = 0...100_000_000
    guard train >= 1, range.contains(train), range.contains(test) else {
      throw ValidationError("--train wants 1 and --test 0 to \(range.upperBound) samples.")
    }
  }

  func run() throws {
    try WritingOptions.refuseRun(in: out)
    let manifest = try writing.write { options, existing in
      try LineImages.write(
        to: out, seed: seed, train: train, test: test, options: options, existing: existing)
    }
    printWrapped(manifest.written(to: out))
  }
}
