import Foundation
import SkeinData
import SkeinKernels
import SkeinTestSupport
import Testing

@testable import SkeinConfig
@testable import SkeinFiles
@testable import SkeinRun
@testable import SkeinWorkers

/// A run goes on with its own job and dataset only, unless it is told otherwise.
@Suite struct ResumeTests {
  private static let datasets = Repository.datasets.path

  private let scratch: JobFolder
  private let run: RunFolder

  init() throws {
    scratch = try JobFolder()
    run = RunFolder(path: scratch.path + "/run")
    _ = try run.open()
  }

  private func prepare(_ settings: String..., threads: Int? = 1) throws -> PreparedJob {
    let text = """
      name: resume
      seed: 3
      data: {path: \(Self.datasets)/lines}
      model: {hidden: [4]}
      optimizer: {momentum: 0.5}
      training: {epochs: 1, batchSize: 1000}
      parallel: {batchShards: 2}
      """
    return try PreparedJob(try scratch.load(text, settings: settings).job, threads: threads)
  }

  /// Trains `prepared` in the run's folder, as if by the numerics `kernels`.
  private func train(_ prepared: PreparedJob, kernels: String? = Kernels.numerics) throws {
    var identity = prepared.identity
    identity.kernels = kernels
    let saved = try prepared.open(run, allowingChanges: false, warn: { _ in })
    let source = try prepared.dataset.load(prepared.job.data.train, threads: 1)
    let trainer = prepared.makeTrainer(prepared.scaled(source), scheduler: SerialScheduler())
    let recorder = CheckpointRecorder(
      run, trainer: trainer, identity: identity, options: prepared.job.checkpoint,
      epochs: prepared.job.training.epochs, resumed: saved)
    _ = try trainer.run(observers: [recorder])
    try recorder.finish()
  }

  @Test func theSameJobGoesOn() throws {
    try train(try prepare())
    let saved = try prepare(threads: 3).open(run, allowingChanges: false, warn: { _ in })
    #expect(saved?.state.progress.epoch == 1)
    let again = try prepare("parallel.threads=7", threads: nil)
    #expect(try again.open(run, allowingChanges: false, warn: { _ in })?.state.progress.epoch == 1)
  }

  /// A change of every key that a run's bits or files depend on.
  private static let changes = [
    "name=other", "seed=4", "data.train=test", "data.test=null", "data.scale=2",
    "model.activation=tanh", "model.init=xavier", "loss=meanSquaredError",
    "optimizer.learningRate=0.2", "optimizer.momentum=0.6", "optimizer.weightDecay=0.1",
    "optimizer.nesterov=true", "optimizer.clipNorm=1", "data.validation=0.1",
    "schedule.kind=cosine", "training.accumulate=2", "training.average=0.5",
    "training.earlyStop={patience: 3}",
    "training.epochs=2", "training.batchSize=999", "training.dropLast=true", "training.bf16=true",
    "parallel.batchShards=3", "checkpoint.everyEpochs=2", "checkpoint.everySteps=2",
    "checkpoint.everyMinutes=2", "checkpoint.keep=2", "checkpoint.best=trainLoss",
  ]

  @Test(arguments: changes)
  func anyChangedKeyIsRefusedAndNamed(setting: String) throws {
    try train(try prepare())
    let metrics = try String(contentsOfFile: run.metricsFile, encoding: .utf8)
    let changed = try prepare(setting)
    let error = try #require(throws: ChangedRunError.self) {
      _ = try changed.open(run, allowingChanges: false, warn: { _ in })
    }
    let key = String(setting.prefix { $0 != "=" })
    #expect(error.changes.contains { $0.hasPrefix(key + ": ") }, "\(error)")
    #expect("\(error)".contains("--allow-changes"))
    #expect(try String(contentsOfFile: run.metricsFile, encoding: .utf8) == metrics)
    var warnings: [String] = []
    let saved = try changed.open(run, allowingChanges: true, warn: { warnings.append($0) })
    #expect(saved?.state.progress.epoch == 1 && warnings.contains { $0.contains(key) })
    // From now on the run is the changed job's.
    #expect(try Job.load(path: run.jobFile).job == changed.job)
  }

  /// Every key of the job file is one of those above, or free, or in this test.
  @Test func noKeyIsForgotten() throws {
    let base = Job.defaults(name: "a")
    let free: [String: (inout Job) -> Void] = [
      "parallel.threads": { $0.parallel.threads = .count(9) },
      "parallel.pin": { $0.parallel.pin = .list([0]) },
      "data.path": { $0.data.path = "/elsewhere" },
      "data.synthetic": {
        $0.data.synthetic = SyntheticDataset(shape: [2], classCount: 2, sampleCount: 3)
      },
      "report.history": { $0.report.history.toggle() },
      "report.tensorBoard": { $0.report.tensorBoard.toggle() },
    ]
    for (key, mutate) in free {
      var job = base
      mutate(&job)
      #expect(job != base, "\(key)")
      #expect(job.fingerprint == base.fingerprint && job.changes(from: base).isEmpty, "\(key)")
    }
    // Runs that were begun before there was the key go on.
    for key in ["training.bf16", "schedule", "validation", "nesterov", "beta1", "accumulate"] {
      #expect(!base.essence.contains(key), "\(key)")
    }
    // Another shape cannot go on at all.
    var job = base
    job.model.hidden = [3]
    #expect(job.fingerprint != base.fingerprint)
    #expect(job.changes(from: base) == ["model.hidden: [] → [3]"])
    let bound = Self.changes.map { String($0.prefix { $0 != "=" }) }
    // What belongs to other kinds is nothing until the kind has changed, which is refused.
    let ofKinds = [
      "optimizer.kind", "schedule.every", "schedule.factor", "schedule.warmupEpochs",
    ]
    let known = bound + free.keys + ["model.hidden"] + ofKinds + FullJob.idleKeys
    #expect(known.sorted() == JobKey.all.map(\.path).sorted(), "a key is in no list, or in two")
  }

  @Test func anotherShapeCannotGoOnAtAll() throws {
    try train(try prepare())
    #expect(throws: ChangedRunError.self) {
      _ = try prepare("model.hidden=[5]").open(run, allowingChanges: true, warn: { _ in })
    }
  }

  @Test func anotherDatasetIsRefused() throws {
    try train(try prepare())
    let copy = scratch.path + "/lines"
    // Not with the owner, who may be another user.
    let source = Self.datasets + "/lines"
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: false)
    for name in try FileManager.default.contentsOfDirectory(atPath: source) {
      try Data(contentsOf: URL(fileURLWithPath: source + "/" + name))
        .write(to: URL(fileURLWithPath: copy + "/" + name))
    }
    // The same content elsewhere is the same dataset.
    _ = try prepare("data.path=\(copy)").open(run, allowingChanges: false, warn: { _ in })
    let manifest = URL(fileURLWithPath: copy + "/dataset.json")
    let text = try String(contentsOf: manifest, encoding: .utf8)
    try text.replacingOccurrences(of: #""name" : "lines""#, with: #""name" : "others""#)
      .write(to: manifest, atomically: true, encoding: .utf8)
    let error = try #require(throws: ChangedRunError.self) {
      _ = try prepare("data.path=\(copy)").open(run, allowingChanges: false, warn: { _ in })
    }
    #expect(error.changes.contains { $0.hasPrefix("dataset: ") })
  }

  @Test func otherBatchShardsAreRefusedAndNamed() throws {
    try train(try prepare("parallel.batchShards=2", threads: 2))
    let error = try #require(throws: ChangedRunError.self) {
      _ = try prepare("parallel.batchShards=3", threads: 2)
        .open(run, allowingChanges: false, warn: { _ in })
    }
    #expect(error.changes.contains { $0.hasPrefix("batch shards: 2 → 3; a job that has ") })
  }

  /// An older version's sums round otherwise, so the run would not end in its own bits.
  @Test func otherOrdersOfSumsAreRefusedAndNamed() throws {
    try train(try prepare(), kernels: "AVX2")
    let error = try #require(throws: ChangedRunError.self) {
      _ = try prepare().open(run, allowingChanges: false, warn: { _ in })
    }
    let change = "kernels: AVX2 → chains-2, whose sums have other last bits"
    #expect(error.changes == [change])
    #expect("\(error)".contains("--allow-changes"))
    var warnings: [String] = []
    let saved = try prepare().open(run, allowingChanges: true, warn: { warnings.append($0) })
    #expect(saved?.state.progress.epoch == 1)
    #expect(warnings == ["changed: \(change)"])
  }

  @Test func aCheckpointThatNamesNoKernelsGoesOn() throws {
    try train(try prepare(), kernels: nil)
    var warnings: [String] = []
    let saved = try prepare().open(run, allowingChanges: false, warn: { warnings.append($0) })
    #expect(warnings.count == 1 && warnings[0].contains("an older version began this run"))
    #expect(saved?.state.progress.epoch == 1 && saved?.identity.kernels == nil)
  }
}
