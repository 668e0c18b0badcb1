import Foundation
import SkeinData
import SkeinModel
import SkeinTraining
import Testing

@testable import SkeinConfig
@testable import SkeinRun

@Suite struct JobLoadTests {
  @Test func theFullJobReadsEveryKey() throws {
    #expect(FullJob.values.map(\.path) == FullJob.keys.map(\.path), "in another order")
    #expect(
      FullJob.keys.map(\.path) == JobKey.all.map(\.path).filter { !FullJob.idleKeys.contains($0) },
      "the full job lacks a key")
    let folder = try JobFolder()
    let loaded = try folder.load(FullJob.text())
    let parent = URL(fileURLWithPath: folder.path).deletingLastPathComponent().path
    let expected = Job(
      name: "full", seed: 7,
      data: DataOptions(
        path: parent + "/Datasets/digits", train: "training", test: "holdout",
        validation: 0.25, scale: 255),
      model: ModelOptions(
        hidden: [128, 64], activation: .leakyRelu(slope: 0.2), initializer: .uniform(-0.25, 0.5)),
      loss: .meanSquaredError,
      optimizer: .init(
        learningRate: 1e-4, momentum: 0.5, nesterov: true, weightDecay: 0.001, clipNorm: 2.5),
      schedule: .init(kind: .step, every: 1, factor: 0.5, warmupEpochs: 0.5),
      training: .init(
        epochs: 3, batchSize: 20, dropLast: true, bf16: true, accumulate: 4, average: 0.99,
        earlyStop: .init(patience: 5, metric: .testLoss, minDelta: 0.5)),
      parallel: .init(threads: .count(2), batchShards: .count(4), pin: .list([0, 2])),
      checkpoint: .init(
        everyEpochs: 2, everySteps: 100, everyMinutes: 1.5, keep: 5, best: .testLoss),
      report: .init(history: false, tensorBoard: false))
    #expect(loaded.job == expected)
    for key in FullJob.keys {
      #expect(loaded.origins[key.path] == .file(line: FullJob.line(of: key.path)), "\(key.path)")
    }
  }

  @Test func theDesignsExampleLoads() throws {
    let loaded = try JobFolder().load(
      """
      name: digits
      seed: 1234
      data: {path: ../Datasets/digits, train: train, test: test, scale: 255}
      model: {hidden: [128, 64], activation: relu, init: {uniform: [-0.5, 0.5]}}
      loss: crossEntropy
      optimizer: {kind: sgd, learningRate: 0.1, momentum: 0, weightDecay: 0}
      training: {epochs: 10, batchSize: 64, dropLast: false}
      parallel: {threads: auto, batchShards: auto, pin: auto}
      checkpoint: {everyEpochs: 1, keep: 3}        # also everySteps, everyMinutes
      """)
    #expect(loaded.job.model.initializer == .lecture)
    #expect(loaded.job.yaml.contains("model: {hidden: [128, 64], activation: relu, init: {uniform"))
  }

  @Test func whatIsMissingHasItsDefault() throws {
    let folder = try JobFolder()
    let loaded = try folder.load("data: {path: /d}\nmodel: {hidden: []}\n", name: "lines.yaml")
    let expected = Job(
      name: "lines", data: DataOptions(path: "/d"), model: ModelOptions(hidden: []))
    #expect(loaded.job == expected)
    #expect(loaded.job.checkpoint == CheckpointOptions())
    #expect(loaded.origins["name"] == .default)
    #expect(loaded.origins["data.path"] == .file(line: 1))
    #expect(
      loaded.listing.count == JobKey.all.count - 3 - 5 - FullJob.idleKeys.count - 2,
      "two intervals, data.synthetic and what is optional are not set")
  }

  @Test func samplesAreReadOrDrawn() throws {
    let folder = try JobFolder()
    let drawn = "synthetic: {shape: [4, 2], classes: 3, samples: 60}"
    func load(_ data: String, _ settings: String...) throws -> LoadedJob {
      try folder.load("data: {\(data)}\nmodel: {hidden: []}", settings: settings)
    }
    let data = SyntheticDataset(shape: [4, 2], classCount: 3, sampleCount: 60)
    let loaded = try load(drawn)
    #expect(loaded.job.data == DataOptions(path: "", synthetic: data))
    #expect(try folder.load(loaded.job.yaml).job == loaded.job)
    #expect(!loaded.job.yaml.contains("path"))
    // A setting wins over the file, in both directions.
    #expect(try load(drawn, "data.path=/d").job.data == DataOptions(path: "/d"))
    let set = try load("path: d", "data.synthetic={shape: [4, 2], classes: 3, samples: 60}")
    #expect(set.job.data == loaded.job.data)
    #expect { try load("path: d, " + drawn) } throws: {
      "\($0)".contains("exclude each other") && "\($0)".contains(":1:1:")
    }
    #expect { try load(drawn, "data.synthetic=null") } throws: {
      "\($0)".contains("data.path is missing")
    }
    let prepared = try PreparedJob(loaded.job, threads: 1)
    let (train, test) = try prepared.loadSplits()
    #expect(train.count == 60 && test?.count == 10 && prepared.network.widths == [8, 3])
    #expect((0..<3).allSatisfy { c in (0..<60).count { train.label(at: $0) == Int32(c) } == 20 })
    #expect(throws: DataError.self) { try PreparedJob(try load(drawn, "data.train=x").job) }
  }

  @Test func checkpointIntervalsAreAnyOfThree() throws {
    let folder = try JobFolder()
    let rest = "data: {path: d}\nmodel: {hidden: []}\n"
    func options(_ text: String, _ settings: [String] = []) throws -> CheckpointOptions {
      try folder.load(rest + text, settings: settings).job.checkpoint
    }
    #expect(try options("checkpoint: {keep: 1}") == .init(everyEpochs: 1, keep: 1))
    #expect(try options("checkpoint: {everySteps: 5}") == .init(everyEpochs: nil, everySteps: 5))
    #expect(
      try options("checkpoint: {everyMinutes: 0.5}") == .init(everyEpochs: nil, everyMinutes: 0.5))
    #expect(
      try options("checkpoint: {everyEpochs: 2}", ["checkpoint.everySteps=9"])
        == .init(everyEpochs: 2, everySteps: 9))
    #expect(
      try options("", ["checkpoint.everySteps=9"]) == .init(everyEpochs: nil, everySteps: 9))
    for key in ["everyEpochs", "everySteps", "everyMinutes"] {
      for value in ["null", "0", "", "-1"] {
        #expect(throws: JobErrors.self, "\(key) \(value)") {
          try options("checkpoint: {\(key): \(value)}")
        }
      }
    }
  }

  @Test func activationsAndInitializers() throws {
    let folder = try JobFolder()
    func model(_ text: String) throws -> ModelOptions {
      try folder.load("data: {path: d}\nmodel: {hidden: [], \(text)}").job.model
    }
    for activation in Activation.all where activation.isTrainable {
      #expect(try model("activation: \(activation.name)").activation == activation)
    }
    #expect(try model("activation: {elu: 0.5}").activation == .elu(alpha: 0.5))
    #expect(try model("init: uniform").initializer == .uniform(-0.5, 0.5))
    #expect(try model("init: {normal: [0, 2e-1]}").initializer == .normal(mean: 0, deviation: 0.2))
    for initializer in [Initializer.he, .xavier, .normalizedXavier, .zeros] {
      #expect(try model("init: \(initializer.name)").initializer == initializer)
    }
    let bad = [
      "activation: binaryStep", "activation: {relu: 1}", "activation: {elu: x}", "activation: {}",
      "activation: {elu: 1, leakyRelu: 2}", "activation: [relu]", "init: normal",
      "init: {uniform: [0.5, -0.5]}", "init: {uniform: [1]}", "init: {uniform: [1, 2, 3]}",
      "init: {normal: [0, -1]}", "init: {uniform: [-3e38, 3e38]}", "init: {he: 1}",
      "init: {uniform: [0, 1e39]}", "init: {uniform: {a: b}}", "activation: {[a]: 1}",
    ]
    for text in bad {
      #expect(throws: JobErrors.self, "\(text)") { try model(text) }
    }
  }

  @Test func aSectionThatIsAllCommentsIsEmpty() throws {
    let text = "data: {path: d}\nmodel: {hidden: [4]}\noptimizer:\n  # learningRate: 0.5\n"
    #expect(try JobFolder().load(text).job.optimizer == .init())
  }

  @Test func relativePaths() throws {
    let folder = try JobFolder()
    let parent = URL(fileURLWithPath: folder.path).deletingLastPathComponent().path
    let current = FileManager.default.currentDirectoryPath
    func path(_ text: String, _ settings: [String] = []) throws -> String {
      try folder.load("data: {path: '\(text)'}\nmodel: {hidden: []}", settings: settings)
        .job.data.path
    }
    #expect(try path("lines") == folder.path + "/lines")
    #expect(try path("./lines/") == folder.path + "/lines/")
    #expect(try path("../lines") == parent + "/lines")
    #expect(try path("..") == parent)
    #expect(try path("a/../b") == folder.path + "/a/../b")
    #expect(try path("/x/../y") == "/x/../y")
    #expect(try path("../../../../../../../../x") == "/x")
    #expect(try path("lines", ["data.path=here"]) == current + "/here")
    let link = folder.path + "/link"
    let real = folder.path + "/deep/er"
    try FileManager.default.createDirectory(atPath: real, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: real)
    _ = try folder.write("data: {path: ../x}\nmodel: {hidden: []}", name: "deep/er/job.yaml")
    #expect(try Job.load(path: link + "/job.yaml").job.data.path == folder.path + "/deep/x")
  }

  @Test func theStemIsTheNameIfItDoes() throws {
    let folder = try JobFolder()
    let text = "data: {path: d}\nmodel: {hidden: []}"
    #expect(try folder.load(text, name: "a.b.yaml").job.name == "a.b")
    let bad = String(repeating: "n", count: 220)
    #expect(throws: JobErrors.self) { try folder.load(text, name: bad + ".yaml") }
    #expect(try folder.load(text, settings: ["name=x"], name: bad + ".yaml").job.name == "x")
  }
}
