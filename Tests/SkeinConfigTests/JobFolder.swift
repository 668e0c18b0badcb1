import Foundation
import SkeinTestSupport

@testable import SkeinConfig

/// A temporary folder with a job file in it, removed with the value.
final class JobFolder {
  private let folder: TemporaryFolder
  var path: String { folder.path }

  init() throws { folder = try TemporaryFolder() }

  /// Writes `text` as `name` and gives its path.
  func write(_ text: String, name: String = "job.yaml") throws -> String {
    try write(Data(text.utf8), name: name)
  }

  func write(_ bytes: Data, name: String = "job.yaml") throws -> String {
    let file = path + "/" + name
    try bytes.write(to: URL(fileURLWithPath: file))
    return file
  }

  /// Loads `text` as a job file.
  func load(_ text: String, settings: [String] = [], name: String = "job.yaml") throws -> LoadedJob
  {
    try Job.load(path: try write(text, name: name), settings: settings)
  }

  /// Everything that is wrong with `text`.
  func errors(_ text: String, settings: [String] = []) throws -> [JobError] {
    do {
      _ = try load(text, settings: settings)
      return []
    } catch let error as JobErrors {
      return error.errors
    }
  }
}

/// A job with every key that its kinds of optimizer and schedule have, one per line, so that a line
/// tells which key is meant.
enum FullJob {
  /// Those keys.
  static let keys = JobKey.all.filter { key in values.contains { $0.path == key.path } }
  /// All other ones belong to other kinds.
  static let idleKeys = [
    "optimizer.beta1", "optimizer.beta2", "optimizer.epsilon", "schedule.final", "schedule.peak",
    "schedule.patience", "schedule.metric",
  ]

  /// Key path and value, in the order of the file.
  static let values: [(path: String, value: String)] = [
    ("name", "full"), ("seed", "7"),
    ("data.path", "../Datasets/digits"), ("data.synthetic", "null"), ("data.train", "training"),
    ("data.test", "holdout"), ("data.validation", "0.25"),
    ("data.scale", "255"),
    ("model.hidden", "[128, 64]"), ("model.activation", "{leakyRelu: 0.2}"),
    ("model.init", "{uniform: [-0.25, 0.5]}"),
    ("loss", "meanSquaredError"),
    ("optimizer.kind", "sgd"), ("optimizer.learningRate", "1e-4"), ("optimizer.momentum", ".5"),
    ("optimizer.nesterov", "true"), ("optimizer.weightDecay", "0.001"),
    ("optimizer.clipNorm", "2.5"),
    ("schedule.kind", "step"), ("schedule.every", "1"), ("schedule.factor", "0.5"),
    ("schedule.warmupEpochs", "0.5"),
    ("training.epochs", "3"), ("training.batchSize", "20"), ("training.dropLast", "true"),
    ("training.bf16", "true"), ("training.accumulate", "4"), ("training.average", "0.99"),
    ("training.earlyStop", "{patience: 5, metric: testLoss, minDelta: 0.5}"),
    ("parallel.threads", "2"), ("parallel.batchShards", "4"),
    ("parallel.pin", "[0, 2]"),
    ("checkpoint.everyEpochs", "2"), ("checkpoint.everySteps", "100"),
    ("checkpoint.everyMinutes", "1.5"), ("checkpoint.keep", "5"),
    ("checkpoint.best", "testLoss"),
    ("report.history", "false"), ("report.tensorBoard", "false"),
  ]

  /// The job file; `change` may give other lines for a key: (indent, key, value) → lines.
  static func text(
    _ change: (_ path: String, _ line: String, _ value: String) -> String = { $1 + $2 }
  ) -> String {
    var text = ""
    var section = ""
    for (path, value) in values {
      let parts = path.split(separator: ".")
      if parts.count == 2, section != parts[0] {
        section = String(parts[0])
        text += "\(section):\n"
      }
      let line = parts.count == 2 ? "  \(parts[1]): " : "\(parts[0]): "
      text += change(path, line, value) + "\n"
    }
    return text
  }

  /// The line on which a key stands in `text()`, from 1.
  static func line(of path: String) -> Int {
    let lines = text { path, line, value in line + value + " # " + path }.split(separator: "\n")
    return (lines.firstIndex { $0.hasSuffix("# " + path) } ?? -1) + 1
  }
}
