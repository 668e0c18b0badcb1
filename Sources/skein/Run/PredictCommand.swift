import ArgumentParser
import SkeinConfig
import SkeinData
import SkeinTraining

/// `skein predict RUN FILE…`.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Say which class the samples of a file belong to.",
    discussion: """
      Files are IDX or NumPy arrays of samples, as they are or compressed with gzip or zstd. Prints \
      a line per sample: its file, its row in it from 0 on, its class, and the class's score.

      Example:
        skein predict Runs/first t10k-images-idx3-ubyte.gz --json
      """)

  @OptionGroup var options: RunOptions

  @Argument(help: "Files of samples.", completion: .file())
  var files: [String]

  @Flag(help: "Also print the last hidden layer's activations of every sample.")
  var hidden = false

  @Flag(help: "Print JSON, with the scores of all classes.")
  var json = false

  func run() throws {
    let trained = try TrainedRun(options)
    let job = trained.prepared.job
    let manifest = trained.prepared.dataset.manifest
    var rows: [Row] = []
    for file in files {
      let source = try Split(
        samplesAt: file, sampleShape: manifest.sample.shape, classCount: manifest.classes.count)
      let predictions = try Prediction.all(
        trained.model, loss: job.loss, source: source, scale: job.data.scale, hidden: hidden)
      rows += predictions.enumerated().map { index, prediction in
        Row(
          file: file, sample: index, className: manifest.classes[prediction.label],
          scores: prediction.scores, hidden: prediction.hiddenState)
      }
    }
    if json { return try printJSON(rows) }
    for row in rows {
      let score = row.scores.max().map { number(Double($0), 4) } ?? ""
      let states = row.hidden.map { "  " + $0.map { "\($0)" }.joined(separator: " ") } ?? ""
      print(
        "\(row.file.printable())  \(row.sample)  \(row.className.printable())  \(score)\(states)")
    }
  }

  private struct Row: Encodable {
    let file: String
    let sample: Int
    let className: String
    let scores: [Float]
    let hidden: [Float]?

    enum CodingKeys: String, CodingKey {
      case file, sample, scores, hidden
      case className = "class"
    }
  }
}
