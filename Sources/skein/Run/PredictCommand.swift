import ArgumentParser
import Foundation
import SkeinData
import SkeinFiles
import SkeinRun
import SkeinTraining

/// `skein predict RUN FILE…`: predicts the classes or the values of samples.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Say which class the samples of a file belong to, or which values they have.",
    discussion: """
      Files are IDX or NumPy arrays of samples, as they are or compressed with gzip or zstd, or \
      arrays of an archive, FILE.npz:NAME; - is standard input. A file holds one sample or many, \
      in the shape that the network was trained on or as plain lists of as many elements. A run \
      on a table (skein data csv) reads tables: its columns are found by their names, in any \
      order, and others are left alone. Prints a line per sample: the file, the row number in it, \
      from 0 on, the class, and the class's score. A run that tells values prints each with its \
      name, in its own unit.

      Values that the network cannot have been trained on, as 0…1 in place of 0…255, are refused.

      Example:
        skein predict Runs/first t10k-images-idx3-ubyte.gz --json
      """)

  @OptionGroup var options: RunOptions

  @Argument(help: "Files of samples.", completion: .file())
  var files: [String]

  @Flag(help: "Also print the last hidden layer's activations of every sample.")
  var hidden = false

  @Flag(help: "Print JSON, with the scores of all classes, or with all values.")
  var json = false

  @Flag(help: "Go on where values differ from those that the network was trained on.")
  var allowChanges = false

  @OptionGroup(title: "Tables") var tables: TableReadingOptions

  func run() throws {
    let trained = try options.trained()
    let data = trained.data
    let predictor = Predictor(trained.model, trained.objective, hidden: hidden)
    let isTerminal = isatty(STDOUT_FILENO) == 1
    var printer = RowPrinter(json: json, width: isTerminal ? Terminal.columns : nil)
    // On a terminal the printed rows themselves show the progress.
    let progress = isTerminal ? nil : Progress("predicting")
    defer { progress?.end() }
    for file in files {
      let source = try open(file, data)
      var first = 0
      while let chunk = try source.next(Evaluation.chunk, target: data.target) {
        if first == 0 { try check(source, file, data) }
        let predictions: [Prediction]
        do {
          predictions = try predictor.predictions(
            for: chunk.scaled(by: data.scale), first: first)
        } catch let error as NonFiniteError {
          throw UnpredictableRows(file: file, error: error)
        }
        try printer.print(
          predictions.enumerated().map { index, prediction in
            PredictedRow(file: file, sample: first + index, prediction, data)
          })
        first += chunk.count
        progress?.report(source.progress.done, of: source.progress.total)
        guard try TextStream.output.isTaken() else { return }
      }
      progress?.clear()
      source.warnings.forEach(warn)
      warnAboutValues(source, file, data)
    }
    printer.finish()
  }

  /// Opens a file of samples: a table where the run was trained on one, unless it is an array.
  private func open(_ file: String, _ data: RunData) throws -> any SampleChunks {
    guard let features = data.features, try !TableFile.isArray(file) else {
      return try SampleFile(path: file, sampleShape: data.shape)
    }
    let table = try TableFile(
      path: file, features, data.table, tables.format, missing: tables.missingTexts)
    if !table.unused.isEmpty {
      let names = table.unused.prefix(20).map { "\"\($0.printable())\"" }.joined(separator: ", ")
      complain(
        "note: \(table.name.printable(limit: 1000)): not used: \(names)"
          + (table.unused.count > 20 ? ", … (\(table.unused.count) columns in all)" : ""))
    }
    return table
  }

  /// Refuses a file whose first chunk has values of another scale.
  private func check(_ source: any SampleChunks, _ file: String, _ data: RunData) throws {
    guard case .otherScale(let expected, let found, let advice) = verdict(source, data),
      !allowChanges
    else { return }
    throw DataError(
      DataFault(file, at: "values", expected: expected, found: found, advice: advice))
  }

  /// Warns where the values of the whole file differ from those of the training.
  private func warnAboutValues(_ source: any SampleChunks, _ file: String, _ data: RunData) {
    let text: String
    switch verdict(source, data) {
    case .fits: return
    case .odd(let words): text = words
    case .otherScale(let expected, let found, _): text = "expected \(expected), found \(found)"
    }
    warn("\(file.printable(limit: 1000)): \(text)")
  }

  private func verdict(_ source: any SampleChunks, _ data: RunData) -> RangeVerdict {
    guard let least = source.values.minimum, let greatest = source.values.maximum else {
      return .fits
    }
    return data.verdict(type: source.type, least: least, greatest: greatest)
  }
}

/// Samples of a file for which the network has no finite answer. The command line ends with the
/// exit code of the `NonFiniteError` behind it.
struct UnpredictableRows: ExitCoded, CustomStringConvertible {
  let file: String
  let error: NonFiniteError

  var exitCode: Int32 { error.exitCode }

  var description: String {
    let name = file.printable(limit: 1000)
    if case .scale(let scale) = error.cause {
      return "\(name): \(numbered(error.samples, "row")): expected numbers like those that the "
        + "network was trained on, found one that is infinite when it is divided by the run's "
        + "data.scale, \(scale)"
    }
    guard error.cause == .sample, !error.samples.isEmpty else { return "\(name): \(error)" }
    let value = error.isNaN ? "not a number (NaN)" : "infinite"
    return "\(name): \(numbered(error.samples, "row")): expected "
      + "finite numbers, found one that is \(value); mend the file, or leave such samples out"
  }
}
