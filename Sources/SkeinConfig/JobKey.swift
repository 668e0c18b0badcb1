import SkeinModel
import SkeinTraining

extension Job {
  /// The paths of all keys of a job file, such as "optimizer.learningRate".
  public static var keys: [String] { JobKey.all.map(\.path) }
}

/// One key of the job file.
///
/// The table `all` is the one place that knows the name of a key, its values and its meaning.
/// Reading, writing, messages and help all follow it.
struct JobKey: Sendable {
  /// The section and the key, such as "optimizer.learningRate". "seed" has no section.
  let path: String
  /// What the key does, in one line.
  let summary: String
  /// The allowed values, such as "a number ≥ 0".
  let expects: String
  /// Whether a job without the key is an error.
  let isRequired: Bool
  /// Whether a run can go on with another value of the key, because no bit and no checkpoint
  /// depends on it.
  ///
  /// Such keys say how many threads work, where the dataset lies, and what is recorded for reports.
  /// Another dataset in the same place is noticed, because a dataset has an identity of its own.
  let isFree: Bool
  /// What every run was begun with before there was the key, as YAML: a job with this value depends
  /// on what it depended on then. Nil for a key that was there from the beginning.
  let before: String?
  /// Reads a value into a job.
  let read: @Sendable (YamlNode, inout Job) throws(Mismatch) -> Void
  /// The value in a job, as YAML; nil where the job has none and leaves out the key.
  let write: @Sendable (Job) -> String?

  private init<Value>(
    _ path: String, _ property: any WritableKeyPath<Job, Value> & Sendable,
    _ format: ValueFormat<Value>, isRequired: Bool = false, isFree: Bool = false,
    before: String? = nil, _ summary: String
  ) {
    self.path = path
    self.summary = summary
    self.expects = format.expects
    self.isRequired = isRequired
    self.isFree = isFree
    self.before = before
    read = { node, job throws(Mismatch) in job[keyPath: property] = try format.read(node) }
    write = { job in format.write(job[keyPath: property]) }
  }

  /// A key with one allowed value, which every job has.
  private init(_ path: String, always value: String, _ summary: String) {
    let format = ValueFormat<String>.choice([(value, value)])
    self.path = path
    self.summary = summary
    self.expects = format.expects
    isRequired = false
    isFree = false
    before = nil
    read = { node, _ throws(Mismatch) in _ = try format.read(node) }
    write = { _ in value }
  }

  /// All keys, in the order in which job files are written.
  static let all: [JobKey] = [
    JobKey("name", \.name, .name, "what the run and its reports are called"),
    JobKey("seed", \.seed, .integer(0...UInt64.max), "what all random numbers are drawn from"),

    JobKey(
      "data.path", \.data.path, .path, isRequired: true, isFree: true,
      "the dataset's folder, relative to the job file"),
    JobKey(
      "data.synthetic", \.data.synthetic, .synthetic, isFree: true,
      "samples that are drawn, in place of data.path: to measure speed without a dataset"),
    JobKey("data.train", \.data.train, .name, "the split to train on"),
    JobKey(
      "data.test", \.data.test, .orNull(.name, meaning: "no evaluation"),
      "the split to evaluate on after an epoch"),
    JobKey(
      "data.scale", \.data.scale, .number("a number > 0") { $0 > 0 },
      "what every element of a sample is divided by: 255 turns bytes into 0…1"),

    JobKey(
      "model.hidden", \.model.hidden, .list(of: .integer(1...1_000_000), limit: 64),
      isRequired: true,
      "neurons of each hidden layer; [] for a linear model"),
    JobKey(
      "model.activation", \.model.activation, .activation, "what each hidden layer applies"),
    JobKey(
      "model.init", \.model.initializer, .initializer, "what weights and biases start from"),

    JobKey(
      "loss", \.loss, .optional(.choice(Loss.allCases.map { ($0.rawValue, $0) })),
      "what training makes small; where it is left out, crossEntropy for classes and "
        + "meanSquaredError for values"),

    JobKey("optimizer.kind", always: "sgd", "stochastic gradient descent"),
    JobKey(
      "optimizer.learningRate", \.optimizer.learningRate, .number("a number ≥ 0") { $0 >= 0 },
      "how far a step goes along the gradient"),
    JobKey(
      "optimizer.momentum", \.optimizer.momentum,
      .number("a number ≥ 0 and < 1") { $0 >= 0 && $0 < 1 },
      "how much of the last step's direction is kept"),
    JobKey(
      "optimizer.weightDecay", \.optimizer.weightDecay, .number("a number ≥ 0") { $0 >= 0 },
      "how strongly weights are pulled towards 0"),

    JobKey(
      "training.epochs", \.training.epochs, .integer(0...1_000_000_000),
      "how often every sample is used"),
    JobKey(
      "training.batchSize", \.training.batchSize, .integer(1...2_147_483_647),
      "samples per step"),
    JobKey(
      "training.dropLast", \.training.dropLast, .boolean,
      "whether to leave out an epoch's last batch if it is smaller"),
    JobKey(
      "training.bf16", \.training.bf16, .boolean, before: "false",
      "whether products round their operands to bfloat16: up to twice as fast, on AMD Zen 4"),

    JobKey(
      "parallel.threads", \.parallel.threads, .threads, isFree: true,
      "how many workers at most: never more than cores, and fewer where that is faster"),
    JobKey(
      "parallel.batchShards", \.parallel.batchShards, .batchShards,
      "how many batch shards a batch's gradient is added up from, one with auto; the bits depend "
        + "on it"),
    JobKey(
      "parallel.pin", \.parallel.pin, .pinning, isFree: true,
      "whether workers stay where they are: with auto in their cache domains where there are "
        + "several, with a list worker by worker on the PUs that the system numbers so"),

    JobKey(
      "checkpoint.everyEpochs", \.checkpoint.everyEpochs,
      .optional(.integer(1...1_000_000_000)), "save after so many epochs"),
    JobKey(
      "checkpoint.everySteps", \.checkpoint.everySteps,
      .optional(.integer(1...1_000_000_000_000)), "save after so many steps"),
    JobKey(
      "checkpoint.everyMinutes", \.checkpoint.everyMinutes,
      .optional(.number("a number of minutes > 0 and ≤ 1000000") { $0 > 0 && $0 <= 1e6 }),
      "save after so many minutes"),
    JobKey(
      "checkpoint.keep", \.checkpoint.keep, .integer(1...1_000_000),
      "how many of the newest checkpoints to keep, besides the best"),
    JobKey(
      "checkpoint.best", \.checkpoint.best,
      .choice(BestMetric.allCases.map { ($0.rawValue, $0) }),
      "what the best checkpoint is chosen by; without a test split, of the training split; with "
        + "targets that are values, testLoss in place of testAccuracy"),

    JobKey(
      "report.history", \.report.history, .boolean, isFree: true,
      "whether to record the network after each epoch, and draw report.html at the end"),
    JobKey(
      "report.tensorBoard", \.report.tensorBoard, .boolean, isFree: true,
      "whether to write TensorBoard's event files; histograms need report.history"),
  ]

  /// The section, or "" for a key without one.
  var section: String { path.contains(".") ? String(path.prefix { $0 != "." }) : "" }

  /// The key within its section.
  var name: String { path.contains(".") ? String(path.drop { $0 != "." }.dropFirst()) : path }

  /// The sections in their order, with "" for the keys that have none.
  static let sections: [String] = all.reduce(into: []) { sections, key in
    if !sections.contains(key.section) { sections.append(key.section) }
  }

  /// The names of the keys of a section. For "" the names of the sections follow.
  static func names(in section: String) -> [String] {
    all.filter { $0.section == section }.map(\.name)
      + (section.isEmpty ? sections.filter { !$0.isEmpty } : [])
  }
}
