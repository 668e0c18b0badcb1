import ArgumentParser
import SkeinData
import SkeinFiles
import SkeinRandom
import SkeinWorkers

/// `skein data show`: draws samples in the terminal.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Draw samples in the terminal.",
    discussion: """
      Each sample stands under its number, from 0 on, and its class or values. On a terminal in \
      24-bit greys with half blocks; elsewhere, and where NO_COLOR is set, in plain characters. Of \
      a table each sample is a line of its columns' values.

      Example:
        skein data show Datasets/lines --count 12 --seed 7
        skein data show Datasets/lines --split test --rows 0,5,7
      """)

  @Argument(help: "A dataset folder.", completion: .directory)
  var path: String

  @Option(help: "The split to show samples of.")
  var split = "train"

  @Option(help: ArgumentHelp("Numbers of the samples, from 0 on.", valueName: "0,5,7"))
  var rows: String?

  @Option(help: "How many samples to show, where --rows is not given.")
  var count = 8

  @Option(help: "Choose the samples at random from this seed; else they are the first ones.")
  var seed: UInt64?

  func validate() throws {
    guard (1...10_000).contains(count) else {
      throw ValidationError("--count wants 1 to 10000, not \(count).")
    }
    guard rows == nil || seed == nil else {
      throw ValidationError("--rows and --seed exclude each other.")
    }
  }

  func run() throws {
    let folder = try DatasetFolder(opening: path)
    let samples = try Progress.show("loading") {
      try folder.load(split, threads: Machine.availableCores, report: $0)
    }
    let rows = try chosen(of: samples)
    if let features = folder.manifest.features {
      let text = FeatureText.rows(rows, of: samples, features, classes: folder.manifest.classes)
      return printWrapped(text)
    }
    let grid = SampleGrid(
      style: Terminal.hasColour && Terminal.hasBlocks ? .halfBlocks : .ramp,
      width: Terminal.columns)
    print(
      grid.draw(rows, of: samples, classes: folder.manifest.classes),
      terminator: "")
  }

  private func chosen(of samples: Split) throws -> [Int] {
    guard let rows else {
      let shown = min(count, samples.count)
      guard let seed else { return Array(0..<shown) }
      var generator = MersenneTwister(seed: seed)
      return generator.permutation(samples.count).prefix(shown).map(Int.init)
    }
    return try rows.split(separator: ",", omittingEmptySubsequences: false).map { text in
      guard let row = Int(text), (0..<samples.count).contains(row) else {
        throw ValidationError(
          "--rows wants numbers in 0…\(samples.count - 1), not \"\(String(text).printable())\".")
      }
      return row
    }
  }
}
