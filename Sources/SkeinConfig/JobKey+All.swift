import SkeinTraining

extension JobKey {
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
      "data.validation", \.data.validation,
      .optional(.number("a number > 0 and < 1") { $0 > 0 && $0 < 1 }), before: "none",
      "the part of the training split that is kept for validation, drawn by the seed"),
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
      "loss", \.loss, .optional(.loss),
      "what training makes small; where it is left out, crossEntropy for classes and "
        + "meanSquaredError for values; as {kind: crossEntropy, labelSmoothing: 0.1, classWeights: "
        + "balanced} it softens labels and weighs classes"),

    JobKey(
      "optimizer.kind", \.optimizer.kind,
      .choice(OptimizerOptions.Kind.allCases.map { ($0.rawValue, $0) }),
      "how a step changes the parameters: stochastic gradient descent, Adam, or AdamW"),
    JobKey(
      "optimizer.learningRate", \.optimizer.learningRate, .number("a number ≥ 0") { $0 >= 0 },
      "how far a step goes along the gradient; 0.001 for adam and adamW unless it is set"),
    JobKey(
      "optimizer.momentum", \.optimizer.momentum,
      .share, only: .optimizer(.sgd), "how much of the last step's direction is kept"),
    JobKey(
      "optimizer.nesterov", \.optimizer.nesterov, .boolean, before: "false",
      only: .optimizer(.sgd), "whether momentum looks ahead, as Nesterov's does"),
    JobKey(
      "optimizer.weightDecay", \.optimizer.weightDecay, .number("a number ≥ 0") { $0 >= 0 },
      "how strongly weights are pulled towards 0; 0.01 for adamW unless it is set"),
    JobKey(
      "optimizer.beta1", \.optimizer.beta1, .share, before: "none",
      only: .optimizer(.adam, .adamW), "how much of the mean gradient is kept in a step"),
    JobKey(
      "optimizer.beta2", \.optimizer.beta2, .share, before: "none",
      only: .optimizer(.adam, .adamW), "how much of the mean square is kept in a step"),
    JobKey(
      "optimizer.epsilon", \.optimizer.epsilon, .number("a number > 0") { $0 > 0 },
      before: "none", only: .optimizer(.adam, .adamW), "what keeps the division from 0"),
    JobKey(
      "optimizer.clipNorm", \.optimizer.clipNorm,
      .optional(.number("a number > 0") { $0 > 0 }), before: "none",
      "the largest norm of a step's gradient: a longer one is shortened to it"),

    JobKey(
      "schedule.kind", \.schedule.kind,
      .choice(ScheduleOptions.Kind.allCases.map { ($0.rawValue, $0) }), before: "constant",
      "how the learning rate changes: skein plot schedule draws it"),
    JobKey(
      "schedule.every", \.schedule.every, .optional(.integer(1...1_000_000_000)), before: "none",
      only: .schedule(.step), "epochs between two falls"),
    JobKey(
      "schedule.factor", \.schedule.factor,
      .optional(.number("a number > 0 and ≤ 1") { $0 > 0 && $0 <= 1 }), before: "none",
      only: .schedule(.step, .exponential, .plateau),
      "what the rate is multiplied by: 0.1 unless it is set, and exponential needs it"),
    JobKey(
      "schedule.final", \.schedule.final, .number("a number ≥ 0") { $0 >= 0 }, before: "none",
      only: .schedule(.cosine), "the rate at the end"),
    JobKey(
      "schedule.peak", \.schedule.peak, .optional(.number("a number ≥ 0") { $0 >= 0 }),
      before: "none", only: .schedule(.oneCycle),
      "the greatest rate: optimizer.learningRate unless it is set"),
    JobKey(
      "schedule.patience", \.schedule.patience, .integer(0...1_000_000_000), before: "none",
      only: .schedule(.plateau), "epochs without a better number that are waited for"),
    JobKey(
      "schedule.metric", \.schedule.metric,
      .optional(.choice(BestMetric.allCases.map { ($0.rawValue, $0) })), before: "none",
      only: .schedule(.plateau),
      "the number that is watched; where it is left out, the loss of validation, of test or "
        + "of training"),
    JobKey(
      "schedule.warmupEpochs", \.schedule.warmupEpochs, .number("a number ≥ 0") { $0 >= 0 },
      before: "0", "epochs in which the rate rises, before the schedule begins"),

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
      "training.accumulate", \.training.accumulate, .integer(1...1_000_000_000), before: "1",
      "batches whose gradients are added up for a step"),
    JobKey(
      "training.average", \.training.average, .optional(.share), before: "none",
      "how much of the weights' moving average is kept in a step; the average is evaluated"),
    JobKey(
      "training.earlyStop", \.training.earlyStop, .earlyStop, before: "none",
      "when to end before the last epoch"),

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
}
