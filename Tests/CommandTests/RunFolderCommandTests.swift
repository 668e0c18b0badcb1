import Foundation
import SkeinFiles
import Testing

/// A run's folder as its user meets it: moved, copied, mistyped, somebody else's.
@Suite struct RunFolderCommandTests {
  private static let lines = Command.root.path + "/Datasets/lines"
  private static let short = ["train", "Configs/lines.yaml", "--set", "training.epochs=2"]

  private func train(_ run: String, _ settings: String...) throws {
    let trained = try Command.run(
      Self.short + ["--run", run] + settings.flatMap { ["--set", $0] })
    #expect(trained.code == 0, "\(trained.errors)")
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  /// One line of 3 pixels, and one of 5, as an IDX file.
  private func samples(_ folder: String) throws -> String {
    let samples: [UInt8] = [0, 0, 1, 1, 1, 0, 0, 0, 0, 0] + [1, 1, 1, 1, 1, 0, 0, 0, 0, 0]
    let header: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 10, 0, 0, 0, 1]
    try Data(header + samples).write(to: URL(fileURLWithPath: folder + "/samples.idx"))
    return folder + "/samples.idx"
  }

  @Test(arguments: [true, false])
  func aRunLivesWithoutItsDataset(history: Bool) throws {
    try Command.withFolder { folder in
      let (data, run) = (folder + "/data", folder + "/run")
      try Command.copy(Self.lines, to: data)
      try train(run, "data.path=\(data)", "report.history=\(history)")
      try FileManager.default.moveItem(atPath: data, toPath: folder + "/moved")
      try FileManager.default.moveItem(atPath: run, toPath: folder + "/copy")
      let copy = folder + "/copy"
      let predicted = try Command.skein("predict", copy, try samples(folder))
      #expect(predicted.code == 0 && predicted.output.contains("  1  5  "), "\(predicted.errors)")
      let lost = try Command.skein("evaluate", copy)
      #expect(lost.code == 3 && lost.errors.contains("--data"), "\(lost.errors)")
      let found = try Command.skein("evaluate", copy, "--data", folder + "/moved")
      #expect(found.code == 0 && found.errors.isEmpty, "\(found.errors)")
      // A damaged file is said, and made good.
      let file = copy + "/data.json"
      try text(file).replacingOccurrences(of: "lines", with: "linez")
        .write(toFile: file, atomically: true, encoding: .utf8)
      let damaged = try Command.skein("predict", copy, try samples(folder))
      #expect(damaged.code == 6 && damaged.errors.contains("data.json"), "\(damaged.errors)")
      let resumed = try Command.skein(
        "train", "--run", copy, "--resume", "--set", "data.path=\(Self.lines)")
      #expect(resumed.code == 0 && resumed.errors.contains("data.json"), "\(resumed.errors)")
      #expect(try Command.skein("evaluate", copy).code == 0)
    }
  }

  @Test func aRunOfTheFirstEditionGoesOn() throws {
    try Command.withFolder { folder in
      let (run, whole) = (folder + "/run", folder + "/whole")
      try Command.copy("Tests/CommandTests/FirstEditionRun", to: run)
      // Its dataset was on another machine.
      #expect(try Command.skein("evaluate", run).code == 3)
      let evaluated = try Command.skein("evaluate", run, "--data", Self.lines)
      #expect(evaluated.code == 0 && evaluated.output.contains("accuracy 100.0 %"))
      #expect(evaluated.errors.isEmpty, "\(evaluated.errors)")
      let predicted = try Command.skein("predict", run, try samples(folder))
      #expect(predicted.code == 0 && predicted.output.contains("  0  3  "), "\(predicted.errors)")
      #expect(try Command.skein("report", run).code == 0)
      let path = ["--set", "data.path=\(Self.lines)"]
      let resumed = try Command.run(["train", "--run", run, "--resume"] + path)
      #expect(
        resumed.code == 0 && resumed.output.contains("3 epochs: all done"), "\(resumed.errors)")
      // Without a history its dataset tells what it knows, as ever.
      let more = ["--set", "training.epochs=5"]
      let longer = try Command.run(["train", "--run", run, "--resume", "--allow-changes"] + more)
      #expect(longer.code == 0, "\(longer.errors)")
      #expect(longer.errors.contains("an older version began this run"))
      let again = try Command.run(["train", run + "/job.yaml", "--run", whole])
      #expect(again.code == 0, "\(again.errors)")
      // Its first epochs were trained with sums in another order, so only about the same comes out.
      let losses = try [run, whole].map { folder in
        try text(folder + "/metrics.jsonl").split(separator: "\n").map { line in
          let numbers = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
          return try #require(numbers?["trainLoss"] as? Double)
        }
      }
      #expect(losses[0].count == 5 && losses[1].count == 5)
      for (a, b) in zip(losses[0], losses[1]) { #expect(abs(a - b) <= 1e-3 * abs(b), "\(a) \(b)") }
    }
  }

  @Test func aRunGoesOnByItsFolderAlone() throws {
    try Command.withFolder { folder in
      let run = folder + "/run"
      try train(run)
      let done = try Command.skein("train", "--run", run, "--resume")
      #expect(done.code == 0 && done.output.contains("2 epochs: all done"), "\(done.errors)")
      let more = ["train", "--run", run, "--resume", "--set", "training.epochs=3"]
      let refused = try Command.run(more)
      #expect(refused.code == 6 && refused.errors.contains("training.epochs: 2 → 3"))
      let allowed = try Command.run(more + ["--allow-changes"])
      #expect(allowed.code == 0 && allowed.output.contains("epoch 3/3"), "\(allowed.errors)")

      let mistyped = try Command.skein("train", "--run", folder + "/rnu", "--resume")
      #expect(mistyped.code == 2 && mistyped.errors.contains("no run in \(folder)/rnu"))
      #expect(!FileManager.default.fileExists(atPath: folder + "/rnu"))
      let begun = try Command.run(Self.short + ["--run", folder + "/new", "--resume"])
      #expect(begun.code == 0 && begun.words.contains("no run in \(folder)/new to go on with"))
      #expect(try Command.skein("train").code == 2)
      #expect(try Command.skein("train", "--resume").code == 2)
    }
  }

  /// The command that a stopped run names is the one that goes on with it.
  @Test func theCommandInTheMessageWorks() throws {
    try Command.withFolder { folder in
      let run = folder + "/it's $HOME"
      let child = try Command.start([
        "train", "Configs/lines.yaml", "--run", run, "--set", "training.epochs=1000000",
      ])
      waitForFile(run + "/metrics.jsonl")
      _ = child.signal(SIGINT, after: 0.1)
      let stopped = try child.wait()
      #expect(stopped.code == 130, "\(stopped.errors)")
      let command = try #require(
        stopped.errors.firstMatch(of: /go on with: skein (train .* --resume)/)?.1)
      let line =
        "'\(Command.executable.path)' \(command) --allow-changes --set training.epochs=0 2>&1"
      let went = try Child(["-c", line], executable: "/bin/sh").wait()
      #expect(went.code == 0 && went.output.contains("going on after epoch"), "\(went)")
    }
  }

  /// Keys say more than the shapes of tensors, with leave to change them too.
  @Test(arguments: [[], ["--allow-changes"]])
  func otherLayersAreToldByTheirKeys(options: [String]) throws {
    try Command.withFolder { folder in
      let run = ["train", "Configs/lines.yaml", "--run", folder + "/run"]
      let trained = try Command.run(run + ["--set", "training.epochs=1"])
      #expect(trained.code == 0, "\(trained.errors)")
      let again = ["--set", "training.epochs=1", "--resume"] + options
      let narrower = try Command.run(run + again + ["--set", "model.hidden=[8]"])
      #expect(narrower.code == 6 && narrower.errors.contains("model.hidden: [16, 16] → [8]"))
      let digits = Command.root.path + "/Datasets/digits"
      let other = try Command.run(run + again + ["--set", "data.path=\(digits)"])
      #expect(other.code == 6 && other.errors.contains("elements of a sample: 10 → 784"))
      for outcome in [narrower, other] {
        #expect(outcome.errors.contains("fit no other layers"), "\(outcome.errors)")
        #expect(!outcome.errors.contains("tensor"), "\(outcome.errors)")
      }
    }
  }

  @Test func foldersOfOthersAreRefused() throws {
    try Command.withFolder { folder in
      let (run, other) = (folder + "/run", folder + "/other")
      try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
      try Data("x".utf8).write(to: URL(fileURLWithPath: other + "/best.safetensors"))
      for resume in [[], ["--resume"]] {
        let outcome = try Command.run(Self.short + ["--run", other] + resume)
        #expect(outcome.code == 2 && outcome.errors.contains("best.safetensors"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: other) == ["best.safetensors"])
      }
      // A run that has lost its job.
      try train(run)
      try FileManager.default.removeItem(atPath: run + "/job.yaml")
      let files = try FileManager.default.subpathsOfDirectory(atPath: run).sorted()
      for arguments in [Self.short, Self.short + ["--resume"], ["train", "--resume"]] {
        let outcome = try Command.run(arguments + ["--run", run])
        #expect(outcome.code == 2 && outcome.errors.contains("job.yaml"), "\(outcome.errors)")
        #expect(try FileManager.default.subpathsOfDirectory(atPath: run).sorted() == files)
      }
    }
  }

  @Test func otherDataIsTold() throws {
    try Command.withFolder { folder in
      let (data, run) = (folder + "/data", folder + "/run")
      try train(run)
      try Command.copy(Self.lines, to: data)
      let manifest = data + "/dataset.json"
      var object =
        try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: manifest)))
        as? [String: Any] ?? [:]
      func write(_ classes: [String]) throws {
        object["classes"] = classes
        try JSONSerialization.data(withJSONObject: object)
          .write(to: URL(fileURLWithPath: manifest))
      }
      // Label 0 now means "2": by name, two classes of five are wrong.
      try write(["2", "1", "3", "4", "5"])
      let swapped = try Command.skein("evaluate", run, "--data", data)
      #expect(swapped.code == 0 && swapped.output.contains("accuracy 60.0 %"), "\(swapped.output)")
      #expect(swapped.errors.contains("matched by their classes' names"), "\(swapped.errors)")
      try write(["one", "2", "3", "4", "5"])
      let renamed = try Command.skein("evaluate", run, "--data", data)
      #expect(renamed.output.contains("accuracy 100.0 %") && !renamed.output.contains("one"))
      #expect(renamed.errors.contains("class 0 is 1 → one"), "\(renamed.errors)")
      let digits = try Command.skein("evaluate", run, "--data", "Datasets/digits")
      #expect(digits.code == 3 && digits.errors.contains("28 × 28"), "\(digits.errors)")
    }
  }

  /// Every epoch is as good as the others: the first one is the best, whoever tells it.
  @Test func theBestEpochIsToldOneWay() throws {
    try Command.withFolder { folder in
      let run = folder + "/run"
      try train(run, "optimizer.learningRate=0")
      let more = try Command.skein(
        "train", "--run", run, "--resume", "--allow-changes", "--set", "training.epochs=4")
      let choice = "(chosen by test accuracy, on the test split)"
      #expect(more.words.contains("best after epoch 1: ") && more.words.contains(choice))
      let evaluated = try Command.skein("evaluate", run)
      #expect(evaluated.words.contains("checkpoint best, epoch 1, "))
      #expect(evaluated.words.contains(choice))
      #expect(try text(run + "/report.html").contains("\"best\":1,"))
      // The plot's default epoch.
      let plots = try ["--epoch=1", nil].map { epoch in
        try Command.run(["plot", "weights", run] + [epoch].compactMap { $0 }).output
      }
      #expect(plots[0] == plots[1] && !plots[0].isEmpty)
    }
  }

  /// An IDX file of floats [count, 2] and one of labels.
  private func pack(_ data: String, _ split: String, _ values: [Float]) throws {
    let count = UInt8(values.count / 2)
    let bytes = values.flatMap { value in
      withUnsafeBytes(of: value.bitPattern.bigEndian) { Array($0) }
    }
    let (images, labels) = (data + ".images", data + ".labels")
    try Data([0, 0, 13, 2, 0, 0, 0, count, 0, 0, 0, 2] + bytes)
      .write(to: URL(fileURLWithPath: images))
    try Data([0, 0, 8, 1, 0, 0, 0, count] + (0..<count).map { $0 % 2 })
      .write(to: URL(fileURLWithPath: labels))
    let packed = try Command.skein(
      "data", "pack", data, "--images", images, "--labels", labels, "--split", split, "--force",
      "--allow-nan")
    #expect(packed.code == 0, "\(packed.errors)")
  }

  @Test func aPoisonedTestSampleCostsNoTraining() throws {
    try Command.withFolder { folder in
      let (data, run, job) = (folder + "/data", folder + "/run", folder + "/a.yaml")
      let sound = (0..<20).map { Float($0 % 5) }
      var poisoned = sound
      poisoned[7] = .nan
      try pack(data, "train", sound)
      try pack(data, "test", poisoned)
      try "data: {path: data}\nmodel: {hidden: [3]}\ntraining: {epochs: 2, batchSize: 4}\n"
        .write(toFile: job, atomically: true, encoding: .utf8)
      let failed = try Command.skein("train", job, "--run", run)
      #expect(failed.code == 5 && failed.errors.contains("of split \"test\""), "\(failed.errors)")
      #expect(failed.errors.contains("saved after step 3, in epoch 1; go on with: skein train"))
      try pack(data, "test", sound)
      let resumed = try Command.skein("train", "--run", run, "--resume", "--allow-changes")
      #expect(resumed.code == 0, "\(resumed.errors)")
      #expect(try Command.skein("train", job, "--run", folder + "/whole").code == 0)
      let lines = try ["/run", "/whole"].map { name in
        try text(folder + name + "/metrics.jsonl").split(separator: "\n").map {
          String($0.firstMatch(of: /"testLoss":[^,]*/)?.0 ?? "")
        }
      }
      #expect(lines[0] == lines[1] && lines[0].count == 2)
    }
  }

  /// One damaged record costs its epoch only, and neither the page nor the results.
  @Test(arguments: [1, 2])
  func aDamagedEpochIsLeftOut(epoch: Int) throws {
    try Command.withFolder { folder in
      let run = folder + "/run"
      try train(run)
      let file = run + "/history/epoch-00000000\(epoch).safetensors"
      #expect(truncate(file, 500) == 0)
      let again = try Command.skein("train", "--run", run, "--resume")
      #expect(again.code == 0 && again.output.contains("all done"), "\(again.errors)")
      #expect(again.words.contains("best after epoch") && again.output.contains("page: "))
      for outcome in [
        again, try Command.skein("report", run), try Command.skein("plot", "norms", run),
      ] {
        #expect(outcome.code == 0 && outcome.errors.contains("\(file): "), "\(outcome.errors)")
        #expect(outcome.errors.contains("remove the file"), "\(outcome.errors)")
      }
      let plotted = try Command.skein("plot", "confusion", run, "--epoch", "\(epoch)")
      #expect(plotted.code == 6 && plotted.errors.contains("remove the file"), "\(plotted.errors)")
      // The remedy is one.
      try FileManager.default.removeItem(atPath: file)
      let report = try Command.skein("report", run)
      #expect(report.code == 0 && report.errors.isEmpty, "\(report.errors)")
    }
  }

  /// The page of a finished run fails, here at the limit of a file's size. Nothing is left to
  /// train, so no command is told to go on, and the results are printed.
  @Test func aFinishedRunHasNothingToGoOnWith() throws {
    try Command.withFolder { folder in
      let run = folder + "/run"
      try train(run)
      let script = "ulimit -f 40; exec \"$0\" train --run \"$1\" --resume"
      let again = try Child(
        ["-c", script, Command.executable.path, run], executable: "/bin/bash"
      ).wait()
      #expect(again.code == 4 && again.errors.contains("report.html"), "\(again.errors)")
      #expect(again.output.contains("all done") && !again.errors.contains("go on with"))
      #expect(again.words.contains("best after epoch") && again.output.contains("run folder: "))
      #expect(!again.output.contains("page: "), "\(again.output)")
    }
  }

  @Test func aDroppedLineOfTheMetricsIsTold() throws {
    try Command.withFolder { folder in
      let run = folder + "/run"
      try train(run)
      let file = run + "/metrics.jsonl"
      let sound = try text(file)
      // A last line that was cut off is what a stopped run leaves.
      try (sound + "{\"epoch\":3").write(toFile: file, atomically: true, encoding: .utf8)
      let cut = try Command.skein("train", "--run", run, "--resume")
      #expect(cut.code == 0 && cut.errors.isEmpty, "\(cut.errors)")
      try ("nonsense\n" + sound).write(toFile: file, atomically: true, encoding: .utf8)
      let damaged = try Command.skein("train", "--run", run, "--resume")
      #expect(damaged.code == 0, "\(damaged.errors)")
      #expect(damaged.errors.contains("metrics.jsonl: line 1: "), "\(damaged.errors)")
      #expect(damaged.errors.contains("found nonsense; the line is taken out"))
      #expect(try text(file) == sound)
    }
  }

  @Test func aHistoryThatIsGoneIsTold() throws {
    try Command.withFolder { folder in
      let run = folder + "/run"
      try train(run)
      try FileManager.default.removeItem(atPath: run + "/history")
      let gone = try Command.skein("report", run)
      #expect(gone.code == 2 && gone.errors.contains("is gone"), "\(gone.errors)")
      #expect(!gone.errors.contains("report.history"), "\(gone.errors)")
      // What the message advises works.
      #expect(try Command.skein("train", "--run", run, "--resume").code == 0)
      #expect(try Command.skein("report", run).code == 0)
    }
  }

  /// Sparse files of a terabyte, and pipes, in the place of a run's files: said at once.
  @Test(.timeLimit(.minutes(5)))
  func whatIsNoFileOfARunIsRefused() throws {
    try Command.withFolder { folder in
      let run = folder + "/run"
      try train(run)
      func expect(_ codes: Set<Int32>, _ what: String, _ commands: [[String]]) throws {
        for arguments in commands {
          let outcome = try Command.run(arguments)
          #expect(codes.contains(outcome.code), "\(what): \(arguments): \(outcome.errors)")
        }
      }
      let resume = ["train", "--run", run, "--resume"]
      for name in ["metrics.jsonl", "checkpoints/last.safetensors", "data.json"] {
        let file = run + "/" + name
        let whole = try Data(contentsOf: URL(fileURLWithPath: file))
        let readers: [String: [[String]]] = [
          "metrics.jsonl": [["plot", "curves", run], ["report", run]],
          "checkpoints/last.safetensors": [["evaluate", run, "--checkpoint", "last"]],
          "data.json": [["evaluate", run], ["predict", run, try samples(folder)]],
        ]
        #expect(truncate(file, 1 << 40) == 0)
        try expect([6], "\(name), huge", readers[name] ?? [])
        // What another file holds too is made good.
        try expect(name == "metrics.jsonl" ? [6] : [0], "\(name), huge", [resume])
        try FileManager.default.removeItem(atPath: file)
        mkfifo(file, 0o600)
        try expect([4, 6], "\(name), a pipe", (readers[name] ?? []) + [resume])
        try FileManager.default.removeItem(atPath: file)
        try whole.write(to: URL(fileURLWithPath: file))
      }
    }
  }
}
