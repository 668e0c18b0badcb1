import SkeinConfig
import SkeinData
import SkeinFiles
import SkeinModel
import SkeinRandom
import SkeinTraining
import SkeinWorkers

/// A job together with its dataset: everything that is fixed before step 0.
public struct PreparedJob: Sendable {
  /// The job, with what it left to the dataset's targets.
  public let job: Job
  /// The job as it was given.
  let given: Job
  /// Where the samples come from.
  public let dataset: JobDataset
  /// The network that is trained.
  public let network: Network
  /// What the network is trained for.
  public let objective: any Objective
  /// Which samples of the training split are trained on and which validate; nil where all are
  /// trained on.
  public let holdout: Holdout?
  /// How many samples the largest batch has: the job's batch size, or all training samples where
  /// there are fewer.
  public let largestBatch: Int
  /// How a batch is cut into batch shards.
  public let shards: BatchShards
  /// How many threads the run has: as many as were asked for, or have work, and never more than
  /// cores.
  public let threads: Int
  /// How many threads the caller or the job asks for; nil where neither does.
  public let askedThreads: Int?

  /// The memory that training takes.
  public let memoryPlan: MemoryPlan

  /// How many workers a run has.
  private enum Workers {
    /// At most so many, or what the job says, and never more than cores.
    case atMost(Int?)
    case exactly(Int)
  }

  /// Opens the dataset of `job`, and decides what the job leaves open.
  ///
  /// - Parameter threads: the most threads, instead of the job's number. There are never more than
  ///   the process has cores.
  /// - Throws: `JobErrors` for values that no job file can have, `DataError` for a dataset that
  ///   cannot be opened or lacks a split, `JobTargetError` for a loss that does not fit the
  ///   dataset's targets, `PinningError` for `parallel.pin`,
  ///   `JobLimitError` for a model that does not fit the memory and for an epoch without a batch,
  ///   `FileSystemError` where the process may not use so much memory.
  public init(_ job: Job, threads: Int? = nil) throws {
    try job.check()
    try self.init(checked: job, threads: threads)
  }

  /// The same for a job that was read from a file: reading has checked it, and doing so again takes
  /// a tenth of the time in which a small dataset is loaded.
  package init(checked job: Job, threads: Int? = nil) throws {
    try self.init(job, JobDataset(job.data), .atMost(threads))
  }

  /// The same for exactly so many workers, also beyond the cores: to show that no bit depends on
  /// their number.
  package init(checked job: Job, exactly workers: Int) throws {
    try self.init(job, JobDataset(job.data), .exactly(workers))
  }

  /// The same for samples in memory. Of the job's `data` only `scale` and `validation` are used. In
  /// the run's `job.yaml`, `data.path` says that the samples are in no folder.
  ///
  /// - Throws: as the initializer without samples.
  public init(_ job: Job, on samples: ArrayDataset, threads: Int? = nil) throws {
    var job = job
    job.data = DataOptions(
      path: DataOptions.pathOfArrays, train: samples.train.name, test: samples.test?.name,
      validation: job.data.validation, scale: job.data.scale)
    try job.check()
    try self.init(job, .arrays(samples), .atMost(threads))
  }

  private init(_ job: Job, _ dataset: JobDataset, _ workers: Workers) throws {
    let manifest = dataset.manifest
    given = job
    var job = try job.decided(for: manifest)
    self.dataset = dataset
    let all = try Self.checkSplits(job, manifest, dataset.description)
    let validation = job.data.validation.map { Holdout.validationCount(of: all, part: $0) } ?? 0
    let samples = all - validation
    largestBatch = min(job.training.batchSize, samples)
    let cores = min(Machine.availableCores, DispatchScheduler.maximumThreads)
    let inputs = manifest.sample.shape.reduce(1, *)
    let target = manifest.target
    let layers = job.model.layers(outputs: target.outputs)
    let size = NetworkSize(layers, input: [inputs])
    switch workers {
    case .exactly(let count): (askedThreads, threads) = (count, count)
    case .atMost(let count):
      askedThreads = count ?? job.parallel.threads.count
      // A weight has three multiply-adds in a step, or two in the first layer.
      let useful =
        askedThreads ?? BatchSlices.workers(for: largestBatch, work: 2 * size.parameters)
      threads = min(useful, cores, try job.parallel.pin.mostWorkers)
    }
    switch job.parallel.batchShards {
    case .auto: shards = .automatic
    case .count(let count): shards = BatchShards(count: count)
    }
    let shardFiles = job.data.splits.flatMap { manifest.splits[$0] ?? [] }
    // A label or a value takes 4 bytes.
    let targetBytes = 4 * Double(manifest.targets == nil ? 1 : target.outputs)
    var sampleBytes = shardFiles.reduce(0.0) { sum, shard in
      sum + Double(shard.images.rawBytes)
        + (targetBytes + (shard.weights == nil ? 0 : 4)) * Double(shard.count)
    }
    // Synthetic samples are drawn from one pattern per class.
    if case .synthetic = dataset {
      sampleBytes += Double(inputs) * Double(manifest.classes.count)
    }
    memoryPlan = MemoryPlan(
      job, size,
      MemoryPlan.Samples(
        train: samples, test: job.data.test.flatMap(manifest.count(of:)) ?? 0,
        validation: validation, bytes: sampleBytes + (validation > 0 ? 4 * Double(all) : 0),
        elementBytes: manifest.sample.type == .uint8 ? 1 : 4, areValues: manifest.targets != nil),
      shards: shards, threads: threads)
    try memoryPlan.check(threads: threads)
    let (seed, part) = (job.seed, job.data.validation)
    holdout = part.map { Holdout(of: all, part: $0, seed: seed) }
    if job.loss?.classWeights == .balanced {
      // Of the samples that are trained on.
      let labels = try dataset.labels(of: job.data.train)
      let trained = holdout?.training.map { labels[Int($0)] } ?? labels
      job.loss?.classWeights = .balanced(trained, classes: target.outputs)
    }
    self.job = job
    network = job.network(inputs: inputs, outputs: target.outputs)
    objective = job.objective(for: target, values: manifest.targets?.values)
  }

  /// How many samples are trained on: those of the training split that do not validate.
  public var trainedSamples: Int {
    holdout?.training.count ?? dataset.manifest.count(of: job.data.train) ?? 0
  }

  /// How many steps an epoch has, > 0.
  public var stepsPerEpoch: Int {
    let batches = EpochOrder.batchCount(
      of: trainedSamples, batchSize: job.training.batchSize, dropLast: job.training.dropLast)
    return max((batches + job.training.accumulate - 1) / job.training.accumulate, 1)
  }

  /// A trainer with a new model, which learns from samples of `source`.
  ///
  /// - Parameters:
  ///   - source: the training split. Samples that validate are left out here.
  ///   - slices: in how many pieces a batch goes through forward and backward pass, > 0; nil for as
  ///     many as suit the workers. No bit depends on it.
  ///   - schedule: the rate of each step; nil for the job's.
  /// - Precondition: `source` divides by the job's scale, as what `scaled` returns does.
  public func makeTrainer(
    _ source: any SampleSource, scheduler: any BatchScheduler, slices: Int? = nil,
    schedule: (any Schedule)? = nil
  ) -> Trainer {
    requireScale(of: source)
    let (model, generator) = makeModel()
    let rate = job.optimizer.learningRate
    return Trainer(
      model, objective: objective,
      source: holdout.map { ChosenRows(source, rows: $0.training) } ?? source,
      optimizer: job.optimizer.optimizer, schedule: schedule ?? job.schedule.schedule(rate: rate),
      clipNorm: job.optimizer.clipNorm, options: job.training, shards: shards, slices: slices,
      scheduler: scheduler,
      generator: generator)
  }

  /// An evaluator of `model` on samples of `source`.
  ///
  /// - Parameter workers: the most workers of the schedulers that run it, > 0.
  /// - Precondition: `source` divides by the job's scale, as what `scaled` returns does.
  public func makeEvaluator(
    _ model: FeedForward, _ source: any SampleSource, workers: Int
  ) -> Evaluator {
    requireScale(of: source)
    return Evaluator(model, objective, source: source, workers: workers)
  }

  /// An evaluator of `model` on the samples that validate; nil where there are none.
  ///
  /// - Parameters:
  ///   - source: the training split.
  ///   - workers: as in `makeEvaluator`.
  public func makeValidator(
    _ model: FeedForward, _ source: any SampleSource, workers: Int
  ) -> Evaluator? {
    holdout.map {
      makeEvaluator(
        model, Subset(source, rows: $0.validation, name: "validation"), workers: workers)
    }
  }

  private func requireScale(of source: any SampleSource) {
    require(
      source.scale == job.data.scale,
      "samples divided by \(source.scale), of a job with scale \(job.data.scale)")
  }

  /// `split` with its elements divided by the job's scale, and its targets standardised as the
  /// dataset says.
  public func scaled(_ split: Split) -> Scaled {
    split.scaled(by: job.data.scale, values: dataset.manifest.targets?.values)
  }

  /// The mean loss over `train`, the training split, of a network that has learnt nothing: whose
  /// outputs are all 0. O(values), nothing for classes.
  func lossOfIgnorance(_ train: Split) -> Float {
    (objective as? Regression)?.lossOfIgnorance(scaled(train)) ?? objective.lossOfIgnorance
  }

  /// Checks that the dataset has the job's splits, and that an epoch has a batch.
  ///
  /// - Returns: how many samples the training split has.
  /// - Throws: `DataError` for a split that is missing, `JobLimitError` for an epoch without a
  ///   batch.
  private static func checkSplits(
    _ job: Job, _ manifest: Manifest, _ file: String
  ) throws -> Int {
    let names = manifest.splitNames.map { "\"\($0)\"" }.joined(separator: ", ")
    var faults: [DataFault] = []
    func check(_ split: String, _ key: String, _ advice: String) -> Int {
      if let count = manifest.count(of: split) { return count }
      faults.append(
        DataFault(
          file, at: "splits",
          expected: "a split \"\(split)\", which \(key) names", found: names,
          advice: "set \(key) to one of those\(advice)"))
      return 0
    }
    let count = check(job.data.train, "data.train", "")
    if let test = job.data.test {
      _ = check(test, "data.test", ", or to null for no evaluation")
    }
    guard faults.isEmpty else { throw DataError(faults) }
    let (size, dropLast) = (job.training.batchSize, job.training.dropLast)
    var trained = count
    if let part = job.data.validation {
      trained -= Holdout.validationCount(of: count, part: part)
      guard trained > 0, trained < count else {
        throw JobLimitError.noValidation(samples: count, part: part)
      }
    }
    guard EpochOrder.batchCount(of: trained, batchSize: size, dropLast: dropLast) > 0 else {
      throw JobLimitError.noBatch(samples: trained, batchSize: size)
    }
    return count
  }

  /// Checks that the shard files of the job's splits exist and have the sizes in the manifest. It
  /// does not read them. Training checks the rest.
  ///
  /// - Throws: `DataError` with every file that is missing or has another size, `FileSystemError`.
  public func checkFiles() throws {
    guard case .folder(let folder) = dataset else { return }
    try folder.checkFiles(of: job.data.splits)
  }

  /// Loads and checks the training split, and the test split if the job has one.
  ///
  /// - Parameters:
  ///   - isCancelled: asked before each shard file.
  ///   - report: gets how many shard files of both splits are loaded, and how many there are.
  /// - Throws: `DataError` with every fault of every shard file of both splits, `FileSystemError`
  ///   where reading fails, `CancellationError` once cancelled.
  public func loadSplits(
    isCancelled: @Sendable () -> Bool = { false },
    report: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> (train: Split, test: Split?) {
    let names = job.data.splits
    let counts = names.map { dataset.manifest.splits[$0]?.count ?? 0 }
    let total = counts.reduce(0, +)
    let splits = try DataError.gather(names.indices) { index in
      let before = counts[..<index].reduce(0, +)
      return try dataset.load(
        names[index], threads: Machine.availableCores, isCancelled: isCancelled,
        report: { done, _ in report(before + done, total) })
    }
    return (splits[0], splits.count > 1 ? splits[1] : nil)
  }

  /// A new model, and the generator that has drawn its parameters. O(parameters).
  public func makeModel() -> (FeedForward, MersenneTwister) {
    var generator = MersenneTwister(seed: job.seed)
    let model = FeedForward(network, initializer: job.model.initializer, from: &generator)
    return (model, generator)
  }

  /// The state that a new run begins with. O(parameters).
  func initialState() -> TrainingState {
    let (model, generator) = makeModel()
    return TrainingState(
      progress: TrainingProgress(), parameters: model.parameters[0..<model.parameters.count],
      optimizer: [], generator: generator)
  }
}
