import SkeinConfig
import SkeinData
import SkeinModel
import SkeinRandom
import SkeinTraining
import SkeinWorkers

/// A job together with its dataset: everything that is fixed before step 0.
public struct PreparedJob: Sendable {
  public let job: Job
  public let dataset: JobDataset
  public let network: Network
  /// What the network is trained for.
  public let objective: Classification
  /// The samples of a batch; fewer than the job's batch size where the training split has fewer.
  public let largestBatch: Int
  /// How batches are cut, and how many threads the run will have.
  public let shards: BatchShards
  public let threads: Int
  /// Whether neither the job nor the caller fixed the thread count.
  public let choosesThreads: Bool
  /// What training takes.
  public let memoryPlan: MemoryPlan

  /// Opens the dataset of `job` and settles what the job leaves open.
  ///
  /// - Parameter threads: wins over the job's thread count.
  /// - Throws: `DataError` for a dataset that cannot be opened or lacks a split, `JobLimitError`
  ///   for a model that does not fit the memory and for an epoch without a batch.
  public init(_ job: Job, threads: Int? = nil) throws {
    try self.init(job, JobDataset(job.data), threads: threads)
  }

  /// The same for samples of the program's own. Of the job's `data` only `scale` counts; a run's
  /// `job.yaml` says in `data.path` that they are in no folder.
  ///
  /// - Throws: `JobLimitError`.
  public init(_ job: Job, on samples: ArrayDataset, threads: Int? = nil) throws {
    var job = job
    job.data = DataOptions(
      path: "arrays-of-a-program", train: samples.train.name, test: samples.test?.name,
      scale: job.data.scale)
    try self.init(job, .arrays(samples), threads: threads)
  }

  private init(_ job: Job, _ dataset: JobDataset, threads: Int?) throws {
    self.job = job
    self.dataset = dataset
    let manifest = dataset.manifest
    let samples = try Self.checkSplits(job, manifest, dataset.description)
    largestBatch = min(job.training.batchSize, samples)
    let cores = min(Machine.availableCores, DispatchScheduler.maximumThreads)
    let asked: Int? =
      if let threads { threads } else if case .count(let count) = job.parallel.threads {
        count
      } else {
        nil
      }
    let inputs = manifest.sample.shape.reduce(1, *)
    let layers = job.model.layers(outputs: manifest.classes.count)
    let size = NetworkSize(layers, input: [inputs])
    switch job.parallel.batchShards {
    case .auto:
      shards = .automatic(batchSize: largestBatch, parameters: size.parameters)
    case .count(let count): shards = BatchShards(count: count)
    case .perThread: shards = BatchShards(count: asked ?? cores)
    }
    choosesThreads = asked == nil
    self.threads = asked ?? min(cores, shards.count)
    let shardFiles = job.data.splits.flatMap { manifest.splits[$0] ?? [] }
    var sampleBytes = shardFiles.reduce(0.0) { sum, shard in
      sum + Double(shard.images.rawBytes) + 4 * Double(shard.count)
    }
    // The patterns of the classes, from which synthetic samples are drawn.
    if case .synthetic = dataset {
      sampleBytes += Double(inputs) * Double(manifest.classes.count)
    }
    memoryPlan = MemoryPlan(
      job, size, samples: samples, sampleBytes: sampleBytes, shards: shards,
      threads: self.threads)
    try memoryPlan.check(threads: self.threads)
    network = Network(layers, input: [inputs])
    objective = Classification(job.loss, classes: manifest.classes.count)
  }

  /// A trainer with a fresh model, on samples of `source`.
  public func makeTrainer(
    _ source: any SampleSource, scheduler: any BatchScheduler
  ) -> Trainer {
    let (model, generator) = makeModel()
    return Trainer(
      model, objective: objective, source: source, optimizer: job.optimizer,
      options: job.training, shards: shards, scheduler: scheduler, generator: generator)
  }

  /// An evaluator of `model` on samples of `source`.
  public func makeEvaluator(
    _ model: FeedForward, _ source: any SampleSource, workers: Int
  ) -> Evaluator {
    Evaluator(model, objective, source: source, workers: workers)
  }

  /// `split` as the job has its elements divided.
  public func scaled(_ split: Split) -> Scaled { split.scaled(by: job.data.scale) }

  /// Both splits must be in the dataset, and an epoch must have a batch.
  ///
  /// - Returns: The samples of the training split.
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
    guard EpochOrder.batchCount(of: count, batchSize: size, dropLast: dropLast) > 0 else {
      throw JobLimitError.noBatch(samples: count, batchSize: size)
    }
    return count
  }

  /// Looks whether the shard files of the job's splits are there and as long as the manifest says,
  /// without reading them. Training checks the rest.
  ///
  /// - Throws: `DataError` with every file that lacks, `FileSystemError`.
  public func checkFiles() throws {
    guard case .folder(let folder) = dataset else { return }
    try folder.checkFiles(of: job.data.splits)
  }

  /// The training split, and the test split if the job has one, checked and in memory.
  ///
  /// - Parameters:
  ///   - isCancelled: asked before each shard file.
  ///   - report: gets how many shards of both are loaded, and how many there are.
  /// - Throws: `DataError` with every fault of every shard file of both splits,
  ///   `CancellationError` once cancelled.
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

  /// A fresh model, and the generator after its draws.
  public func makeModel() -> (FeedForward, MersenneTwister) {
    var generator = MersenneTwister(seed: job.seed)
    let model = FeedForward(network, initializer: job.model.initializer, from: &generator)
    return (model, generator)
  }
}
