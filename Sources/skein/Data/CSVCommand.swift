import ArgumentParser
import SkeinData
import SkeinFiles

/// `skein data csv`: makes a dataset of a table.
struct CSVCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "csv",
    abstract: "Make a dataset of a table (CSV).",
    discussion: """
      Reads text in UTF-8, as it is or in gzip or zstd, with commas, semicolons, tabs or other \
      characters between fields, which may stand in quotes. The column --target says what a row \
      is; every other column becomes elements of its sample, and is printed with what it was taken \
      for. Numbers are standardised: their mean is subtracted, and the rest divided by their \
      standard deviation. A column of other texts is a category: it has an element per text, which \
      is 1 where the row has that text, else 0. Where values are missing, one more element says \
      so, and a number is taken for the mean. Rows without a target are left out.

      Every fifth row is held out as the split test, chosen by --seed: of each five rows one. \
      Means, deviations and categories are those of the other rows. They are kept in dataset.json \
      and in runs, so that skein predict reads tables with the same columns, in any order.

      Example:
        skein data csv penguins.csv Runs/penguins --target species --ignore year
        skein data csv homes.csv Runs/homes --target price --regression
      """)

  @Argument(help: "The table to train on.", completion: .file())
  var table: String

  @Argument(help: "The dataset folder; it is made where it is missing.", completion: .directory)
  var out: String

  @Option(help: ArgumentHelp("The column that says what a row is.", valueName: "column"))
  var target: String

  @Flag(help: "The target is a quantity, and not one of several classes.")
  var regression = false

  @Option(
    help: ArgumentHelp(
      "The column that says how much a row counts in the loss: numbers from 0 on.",
      valueName: "column"))
  var weight: String?

  @Flag(help: "Keep quantities as they are. Else networks learn them standardised.")
  var rawTargets = false

  @Option(
    help: ArgumentHelp("A table whose rows become the split test.", valueName: "file"),
    completion: .file())
  var testFile: String?

  @Option(
    help: ArgumentHelp(
      "Which part of the rows is held out as the split test; 0 for none. Default: 0.2, and none "
        + "beside --test-file.", valueName: "share"))
  var test: Double?

  @Option(help: "Chooses the rows that are held out: any whole number from 0 on.")
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("Columns to leave out.", valueName: "a,b"))
  var ignore: String?

  @Option(help: ArgumentHelp("Columns that hold numbers and nothing else.", valueName: "a,b"))
  var numbers: String?

  @Option(
    help: ArgumentHelp(
      "Columns that hold categories, though they look like numbers or have many texts.",
      valueName: "a,b"))
  var categories: String?

  @OptionGroup(title: "Reading") var reading: TableReadingOptions

  @Option(help: "The dataset's name. Default: the last part of OUT.")
  var name: String?

  @Option(
    help: ArgumentHelp(
      "Where the data comes from: source, licence, what was done to it.", valueName: "text"))
  var provenance: String?

  @OptionGroup(title: "Writing") var writing: WritingOptions

  func validate() throws {
    if let test, test != 0, !(1e-6...0.999).contains(test) {
      throw ValidationError("--test wants a part of the rows, as 0.2, or 0, not \(test).")
    }
    if test != nil, testFile != nil {
      throw ValidationError("--test and --test-file exclude each other.")
    }
    _ = try options
  }

  private var options: TableOptions {
    get throws {
      func list(_ text: String?, _ option: String) throws -> [String] {
        try text.map { try TableReadingOptions.parts(of: $0, option) } ?? []
      }
      var options = TableOptions(target: target, isRegression: regression)
      options.weight = weight
      options.ignored = try list(ignore, "--ignore")
      options.numbers = try list(numbers, "--numbers")
      options.categories = try list(categories, "--categories")
      options.missing = reading.missingTexts
      options.format = reading.format
      options.testFile = testFile
      options.testShare = test ?? TableOptions.usualShare
      options.seed = seed
      return options
    }
  }

  func run() throws {
    try WritingOptions.refuseRun(in: out)
    let options = try options
    let manifest = try writing.write(level: TableImport.usualLevel) { writing, existing in
      var writing = writing
      writing.standardises = !rawTargets
      return try TableImport.create(
        out, from: table, options, .init(name: name, provenance: provenance), writing: writing,
        existing: existing, told: { printWrapped($0.text) })
    }
    printWrapped(manifest.written(to: out))
  }
}
