import Foundation
import SkeinFiles
import SkeinTestSupport
import Testing

/// `train`, `evaluate`, `predict` and `check` as a user meets them.
@Suite struct RunCommandTests {
  @Test func aRunCanBeEvaluatedAndAsked() throws {
    try Command.withFolder { folder in
      let run = folder + "/run"
      let trained = try Command.skein("train", "Configs/lines.yaml", "--run", run)
      #expect(trained.code == 0, "\(trained.errors)")
      #expect(trained.output.contains("accuracy on held-out samples: 100.0 %"))
      #expect(trained.output.contains("run folder: \(run)"))
      #expect(!trained.output.contains("\u{1B}"), "no escape sequences in a log")

      let evaluated = try Command.skein("evaluate", run, "--json")
      #expect(evaluated.code == 0, "\(evaluated.errors)")
      struct Report: Decodable {
        let accuracy: Double
        let samples: Int
        let confusion: [[Int]]
      }
      let report = try JSONDecoder().decode(Report.self, from: Data(evaluated.output.utf8))
      #expect(report.accuracy == 1 && report.samples == 2000)
      #expect(report.confusion.indices.allSatisfy { report.confusion[$0][$0] == 400 })

      // One line of 3 pixels, and one of 5.
      let samples: [UInt8] = [0, 0, 1, 1, 1, 0, 0, 0, 0, 0] + [1, 1, 1, 1, 1, 0, 0, 0, 0, 0]
      let header: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 10, 0, 0, 0, 1]
      let file = folder + "/samples.idx"
      try Data(header + samples).write(to: URL(fileURLWithPath: file))
      let predicted = try Command.skein("predict", run, file, "--json", "--hidden")
      #expect(predicted.code == 0, "\(predicted.errors)")
      struct Row: Decodable {
        let `class`: String
        let scores: [Float]
        let hidden: [Float]
      }
      let rows = try JSONDecoder().decode([Row].self, from: Data(predicted.output.utf8))
      #expect(rows.map(\.class) == ["3", "5"])
      #expect(rows.allSatisfy { $0.hidden.count == 16 && abs($0.scores.reduce(0, +) - 1) < 1e-5 })
    }
  }

  /// What `train` said about the test split, `evaluate` and `predict` say too: the same scale, the
  /// same samples, the same checkpoint.
  @Test func evaluateAndPredictSayWhatTrainingSaid() throws {
    try Command.withFolder { folder in
      let run = folder + "/run"
      let trained = try Command.skein(
        "train", "Configs/digits.yaml", "--run", run, "--set", "training.epochs=2", "--set",
        "model.hidden=[32]")
      #expect(trained.code == 0, "\(trained.errors)")
      struct Metrics: Decodable { let testLoss, testAccuracy: Double }
      let text = try String(contentsOfFile: run + "/metrics.jsonl", encoding: .utf8)
      let last = try JSONDecoder().decode(
        Metrics.self, from: Data(try #require(text.split(separator: "\n").last).utf8))
      struct Report: Decodable {
        struct Row: Decodable { let precision, recall: Double }
        let loss, accuracy: Double
        let classes: [Row]
        let confusion: [[Int]]
      }
      let evaluated = try Command.skein("evaluate", run, "--checkpoint", "last", "--json")
      let report = try JSONDecoder().decode(Report.self, from: Data(evaluated.output.utf8))
      #expect(report.loss == last.testLoss && report.accuracy == last.testAccuracy)

      // The confusion matrix from predictions of the test split's own files, a row per class.
      let shards = try FileManager.default.contentsOfDirectory(
        atPath: Command.root.path + "/Datasets/digits"
      ).filter { $0.hasPrefix("test-") }.sorted()
      let images = shards.filter { $0.contains("images") }
      let labels = try shards.filter { $0.contains("labels") }.flatMap {
        try Command.unpack("Datasets/digits/\($0)").dropFirst(8)
      }
      let predicted = try Command.run(
        ["predict", run, "--checkpoint", "last", "--json"] + images.map { "Datasets/digits/\($0)" })
      struct Row: Decodable { let `class`: String }
      let rows = try JSONDecoder().decode([Row].self, from: Data(predicted.output.utf8))
      #expect(rows.count == labels.count && rows.count == 1000)
      var confusion = [[Int]](repeating: [Int](repeating: 0, count: 10), count: 10)
      for (label, row) in zip(labels, rows) {
        confusion[Int(label)][try #require(Int(row.class))] += 1
      }
      #expect(
        confusion == report.confusion
          && confusion
            != confusion.indices.map { c in
              confusion.map { $0[c] }
            }
      )
      for label in 0..<10 {
        let all = confusion[label].reduce(0, +)
        let taken = confusion.map { $0[label] }.reduce(0, +)
        #expect(report.classes[label].recall == Double(confusion[label][label]) / Double(all))
        #expect(report.classes[label].precision == Double(confusion[label][label]) / Double(taken))
      }
    }
  }

  /// A copy of the same bytes is no change; other bytes end the run, which is saved before.
  @Test func aShardOfOtherBytesEndsTheRun() throws {
    try Command.withFolder { folder in
      let (data, run) = (folder + "/lines", folder + "/run")
      try Command.copy("Datasets/lines", to: data)
      let child = try Command.start([
        "train", "Configs/lines.yaml", "--run", run, "--set", "data.path=\(data)",
        "--set", "training.epochs=1000000",
      ])
      func epochs() -> Int {
        let text = try? String(contentsOfFile: run + "/metrics.jsonl", encoding: .utf8)
        return text?.split(separator: "\n").count ?? 0
      }
      func waitForEpochs(_ count: Int) {
        waitUntil { epochs() >= count }
      }
      waitForEpochs(1)
      let name = try #require(
        try FileManager.default.contentsOfDirectory(atPath: data).first { $0.contains("train-") })
      let file = "\(data)/\(name)"
      var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
      try FileManager.default.removeItem(atPath: file)
      try bytes.write(to: URL(fileURLWithPath: file))
      let before = epochs()
      waitForEpochs(before + 3)
      #expect(epochs() >= before + 3, "the run goes on with a copy")
      bytes[bytes.count - 1] ^= 1
      try bytes.write(to: URL(fileURLWithPath: file), options: .atomic)
      let outcome = try child.wait(atMost: 60)
      #expect(outcome.code == 3 && outcome.errors.contains("changed since start"))
      #expect(outcome.errors.contains(name) && outcome.errors.contains("saved after step"))
    }
  }

  @Test func anyThreadCountWritesTheSameCheckpoint() throws {
    try Command.withFolder { folder in
      var files: [Data] = []
      for threads in ["1", "2", "3", "8"] {
        let run = "\(folder)/\(threads)"
        let trained = try Command.skein(
          "train", "Configs/digits.yaml", "--run", run, "--threads", threads, "--set",
          "training.epochs=1", "--set", "model.hidden=[20]", "--set", "training.batchSize=37",
          "--set", "parallel.batchShards=5")
        #expect(trained.code == 0, "\(trained.errors)")
        files.append(
          try Data(contentsOf: URL(fileURLWithPath: run + "/checkpoints/last.safetensors")))
      }
      #expect(Set(files).count == 1)
    }
  }

  @Test func aRunGoesOnOnlyWhenAsked() throws {
    try Command.withFolder { folder in
      let run = folder + "/run"
      let short = ["training.epochs=2"]
      #expect(
        try Command.skein("train", "Configs/lines.yaml", "--run", run, "--set", short[0]).code == 0)
      let again = try Command.skein("train", "Configs/lines.yaml", "--run", run)
      #expect(again.code == 2 && again.errors.contains("--resume"))
      let more = try Command.skein(
        "train", "Configs/lines.yaml", "--run", run, "--resume", "--allow-changes", "--set",
        "training.epochs=4")
      #expect(more.code == 0 && more.output.contains("going on after epoch 2"), "\(more.errors)")
      let lines = try String(contentsOfFile: run + "/metrics.jsonl", encoding: .utf8)
      #expect(lines.split(separator: "\n").count == 4)
      let missing = try Command.skein(
        "train", "Configs/lines.yaml", "--run", folder + "/new", "--resume", "--set", short[0])
      #expect(missing.code == 0)
    }
  }

  @Test(
    arguments: [
      (["train", "nowhere.yaml"], 2, "nowhere.yaml"),
      (["train", "Configs/lines.yaml", "--set", "optimizer.learningRte=1"], 2, "learningRate"),
      (["train", "Configs/lines.yaml", "--threads", "0"], 2, "--threads"),
      (["train", "Configs/lines.yaml", "--set", "model.hidden=[1000000, 1000000]"], 2, "narrower"),
      (["train", "Configs/lines.yaml", "--set", "data.path=Configs"], 3, "dataset.json"),
      (["train", "Configs/lines.yaml", "--set", "data.train=trian"], 3, "trian"),
      (["check", "Configs/lines.yaml", "--set", "data.test=tset"], 3, "null"),
      (["train", "Configs/lines.yaml", "--run", ""], 2, "--run"),
      (["train", "Configs/lines.yaml", "--threads", "300"], 2, "240"),
      (["train", "Configs/lines.yaml", "--run", "Makefile/run"], 4, "Not a directory"),
      (["verify", "Configs/lines.yaml", "--threads", "1,x"], 2, "1,x"),
      (
        [
          "train", "Configs/lines.yaml", "--set", "training.batchSize=10001", "--set",
          "training.dropLast=true",
        ], 2, "no batch"
      ),
      (
        [
          "train", "Configs/lines.yaml", "--set", "training.batchSize=1000000", "--set",
          "model.hidden=[900000]",
        ], 2, "batch shards"
      ),
      (["train", "Configs/lines.yaml", "--run", "/proc/skein"], 4, "/proc/skein"),
      (["check", "Configs/lines.yaml", "--set", "model.activation=binaryStep"], 2, "learn"),
      (["evaluate", "Datasets/lines"], 2, "job.yaml"),
      (["frobnicate"], 2, "frobnicate"),
    ] as [([String], Int32, String)])
  func whatGoesWrongIsSaid(arguments: [String], code: Int32, text: String) throws {
    let outcome = try Command.run(arguments)
    #expect(outcome.code == code, "\(arguments): \(outcome.errors)")
    #expect(outcome.errors.contains(text), "\(arguments): \(outcome.errors)")
  }

  @Test func aRateTooLargeIsExplained() throws {
    try Command.withFolder { folder in
      let outcome = try Command.skein(
        "train", "Configs/digits.yaml", "--run", folder + "/run", "--set",
        "optimizer.learningRate=1e30")
      #expect(outcome.code == 5)
      #expect(outcome.errors.contains("learning rate") && outcome.errors.contains("samples"))
    }
  }

  @Test(arguments: [
    [], ["train"], ["evaluate"], ["predict"], ["check"], ["verify"], ["bench"], ["data"],
    ["data", "pack"],
    ["data", "import"], ["data", "inspect"], ["data", "verify"], ["data", "show"],
    ["data", "lines"],
  ])
  func helpHasAnExample(command: [String]) throws {
    let outcome = try Command.run(command + ["--help"])
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("Example"), "\(command)")
  }

  @Test func checkTellsWhereValuesComeFrom() throws {
    let outcome = try Command.skein("check", "Configs/digits.yaml", "--set", "training.epochs=3")
    #expect(outcome.code == 0)
    for text in ["--set training.epochs=3", "235146 parameters", "batch shards: 1", "default"] {
      #expect(outcome.words.contains(text), "\(outcome.output)")
    }
  }

  /// A run that ends with 0 and has learnt nothing says why, in the log, the metrics and the page.
  @Test func aDivergedRunIsNoSuccess() throws {
    try Command.withFolder { folder in
      let run = folder + "/run"
      let job = ["train", "Configs/digits.yaml", "--run", run, "--set", "data.scale=1"]
      let trained = try Command.run(job + ["--set", "training.epochs=2"])
      #expect(trained.code == 0, "\(trained.errors)")
      let hint = "the samples are bytes from 0 to 255 and data.scale is 1"
      #expect(trained.errors.contains("warning: \(hint)"), "\(trained.errors)")
      let dead = "all 256 units of hidden layer 1 are dead"
      #expect(trained.errors.contains("epoch 1: \(dead)"), "\(trained.errors)")
      let metrics = try String(contentsOfFile: run + "/metrics.jsonl", encoding: .utf8)
      for line in metrics.split(separator: "\n") {
        #expect(line.contains("\"warnings\":[") && line.contains(dead), "\(line)")
      }
      let page = try String(contentsOfFile: run + "/report.html", encoding: .utf8)
      #expect(page.contains("<strong>epochs 1 to 2:</strong> \(dead)"))
      #expect(page.contains("training diverges"))
      let checked = try Command.skein("check", "Configs/digits.yaml", "--set", "data.scale=1")
      #expect(checked.words.contains(hint))
    }
  }

  @Test(arguments: ["Configs/digits.yaml", "Configs/lines.yaml", "Configs/bench/tiny.yaml"])
  func aScaleThatFitsIsNotTold(job: String) throws {
    #expect(try !Command.skein("check", job).output.contains("warning"))
  }

  @Test func aScaleTooSmallIsTheKeyToBlame() throws {
    try Command.withFolder { folder in
      let outcome = try Command.skein(
        "train", "Configs/digits.yaml", "--run", folder + "/run", "--set", "data.scale=1e-45")
      #expect(outcome.code == 5)
      #expect(outcome.errors.contains("divided by data.scale, 1e-45"), "\(outcome.errors)")
    }
  }
}
