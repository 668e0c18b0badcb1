import ArgumentParser
import SkeinData
import SkeinFiles

/// The options of all commands that read array files into a dataset.
struct ReadingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The label of the first class: 1 where labels run from 1 on, as EMNIST's letters.",
      valueName: "label"))
  var firstLabel: Int32 = 0

  @Option(
    help: ArgumentHelp(
      "For targets of several columns: which one holds the class or value, from 0 on.",
      valueName: "index"))
  var labelColumn: Int?

  @Option(
    help: ArgumentHelp(
      "The dimensions of a sample, where the file has other ones: 28,28 for 784 elements.",
      valueName: "h,w"))
  var shape: String?

  @Flag(help: "Turn images so that rows become columns, as EMNIST's need it.")
  var transpose = false

  func validate() throws {
    if let labelColumn, labelColumn < 0 {
      throw ValidationError("--label-column wants a number from 0 on, not \(labelColumn).")
    }
    if let shape, dimensions == nil {
      throw ValidationError(
        "--shape wants up to 8 numbers above 0, as 28,28, not \"\(shape.printable())\".")
    }
  }

  private var dimensions: [Int]? {
    guard let shape else { return nil }
    let parts = shape.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    let numbers = parts.compactMap { $0 }
    guard numbers.count == parts.count, numbers.count <= 8, numbers.allSatisfy({ $0 > 0 })
    else { return nil }
    return numbers
  }

  /// How to read the files. Notes about them are written to standard error.
  var reading: ArrayReading {
    ArrayReading(
      firstLabel: firstLabel, labelColumn: labelColumn, sampleShape: dimensions,
      transposes: transpose
    ) { note in
      complain("note: \(note.printable(limit: 2000))")
    }
  }
}
