import SkeinModel
import SkeinRandom
import SkeinTraining
import Testing

@testable import SkeinConfig

/// `job.yaml` reads back as the job it was written from.
@Suite struct RoundTripTests {
  private func expectRoundTrip(_ job: Job, _ folder: JobFolder) throws {
    let yaml = job.yaml
    let loaded = try folder.load(yaml)
    #expect(loaded.job == job, "\(yaml)")
    #expect(loaded.job.yaml == yaml)
  }

  private var job: Job {
    Job(name: "job", data: DataOptions(path: "/d"), model: ModelOptions(hidden: []))
  }

  @Test func defaultsInTheDesignsOrder() throws {
    #expect(
      job.yaml == """
        name: job
        seed: 0
        data: {path: /d, train: train, test: test, scale: 1}
        model: {hidden: [], activation: relu, init: he}
        optimizer: {kind: sgd, learningRate: 0.1, momentum: 0, nesterov: false, weightDecay: 0}
        schedule: {kind: constant, warmupEpochs: 0}
        training: {epochs: 10, batchSize: 64, dropLast: false, bf16: false, accumulate: 1}
        parallel: {threads: auto, batchShards: auto, pin: auto}
        checkpoint: {everyEpochs: 1, keep: 3, best: testAccuracy}
        report: {history: true, tensorBoard: true}

        """)
    try expectRoundTrip(job, try JobFolder())
  }

  @Test func hostileTexts() throws {
    let folder = try JobFolder()
    let texts = [
      "null", "~", "true", "no", "on", "y", "1", "1e5", "0x10", ".5", ".inf", "-", "--", "- a", "?",
      ":", "a: b", "a:", "a #b", "#a", "&a", "*a", "!a", "!!int", "|", ">", "'", "\"", "\\", "\\n",
      "it's", "\"q\"", "[a]", "{a: b}", "a,b", "]", "@a", "`a", "%a", "=", "<<", "---", "...", " a",
      "a ", "é", "日本語", "🏳️‍🌈", "e\u{301}", "\u{202E}evil", "a\u{FEFF}", "\u{200B}", "\u{E000}",
      "\u{FFFE}", "\u{10FFFF}", "<script>", "$(id)", "a\\", ".", "..", "name", "Null", "2026-01-01",
      "12:30", "a\u{A0}b", String(repeating: "é", count: 100),
    ]
    for text in texts {
      var job = job
      job.name = text
      job.data.train = text
      job.data.test = text
      job.data.path = "/" + text
      try expectRoundTrip(job, folder)
    }
    for path in ["/a\nb", "/\u{1}\u{1B}[31m\u{7F}\u{85}", "/\t\r\u{2028}\u{2029}"] {
      var job = job
      job.data.path = path
      try expectRoundTrip(job, folder)
    }
  }

  @Test func floatsRoundTripExactly() throws {
    let folder = try JobFolder()
    var generator = MersenneTwister(seed: 5)
    var values: [Float] = [
      0, 0.1, 1, 255, 1e-4, 1e-10, .leastNonzeroMagnitude, .leastNormalMagnitude, .ulpOfOne, 0.3,
      1 / 3, 1e6, 999_999, 16_777_216, 1e7, 1e20, .greatestFiniteMagnitude,
    ]
    while values.count < 200 {
      let value = abs(Float(bitPattern: generator.next32()))
      if value.isFinite { values.append(value) }
    }
    for value in values {
      var job = job
      job.optimizer.learningRate = value
      job.optimizer.weightDecay = value
      job.data.scale = max(value, .leastNonzeroMagnitude)
      job.model.activation = .leakyRelu(slope: -value)
      job.model.initializer = .normal(mean: -value, deviation: value)
      job.checkpoint.everyMinutes = min(max(Double(value), 1e-300), 1e6)
      try expectRoundTrip(job, folder)
    }
    #expect(YamlText.number(Float(0.1)) == "0.1")
    #expect(YamlText.number(Float(255)) == "255")
    #expect(YamlText.number(-Float.zero) == "-0.0")
  }

  private static let losses: [LossOptions] = [
    LossOptions(.crossEntropy, labelSmoothing: 0.1),
    LossOptions(.crossEntropy, classWeights: .balanced),
    LossOptions(.crossEntropy, labelSmoothing: 0.25, classWeights: .each([0, 1, 2.5])),
    LossOptions(
      .negativeLogLikelihood, classWeights: .named(["a b": 0.1, "null": 3, "1": 2, "ü: x": 0])),
  ]

  @Test func everyChoice() throws {
    let folder = try JobFolder()
    for activation in Activation.all + [.elu(alpha: 2)] where activation.isTrainable {
      for initializer: Initializer in [.he, .xavier, .normalizedXavier, .zeros, .uniform(-1, 2)] {
        for loss in Loss.allCases.map({ LossOptions($0) }) + Self.losses + [nil] {
          var job = job
          job.model = ModelOptions(
            hidden: [1, 1_000_000], activation: activation, initializer: initializer)
          job.loss = loss
          try expectRoundTrip(job, folder)
        }
      }
    }
    for threads: ParallelOptions.Threads in [.auto, .count(1), .count(240)] {
      for shards: ParallelOptions.BatchShards in [.auto, .count(1), .count(4096)] {
        var job = job
        job.seed = .max
        job.parallel = .init(
          threads: threads, batchShards: shards,
          pin: threads == .auto ? .none : .list([7, 0, 65_535]))
        job.training = .init(epochs: 0, batchSize: 2_147_483_647, dropLast: true, bf16: true)
        job.model.hidden = Array(repeating: 3, count: 64)
        job.data.test = nil
        job.checkpoint = .init(everyEpochs: nil, everySteps: 7, keep: 1)
        job.report = .init(history: false, tensorBoard: false)
        try expectRoundTrip(job, folder)
      }
    }
  }
}
