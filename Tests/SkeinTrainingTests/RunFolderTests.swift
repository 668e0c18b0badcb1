import Foundation
import SkeinModel
import SkeinRecord
import SkeinTestSupport
import Synchronization
import Testing

@testable import SkeinFiles
@testable import SkeinRun
@testable import SkeinTraining

/// Whose a folder is, what a run knows of its samples, and which copies are made good.
@Suite struct RunFolderTests {
  private func names(_ path: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
  }

  private func write(_ text: String, _ path: String) throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: false, encoding: .utf8)
  }

  private func withFolder(_ body: (RunFolder) throws -> Void) throws {
    try TemporaryFolder.with { try body(RunFolder(path: $0)) }
  }

  @Test(arguments: [
    "events.out.tfevents.1.host", "events.out.tfevents.1.skein", "metrics.jsonl", "data.json",
    "best.safetensors", "dataset.json", "checkpoints/best.safetensors", "checkpoints/epoch=1.ckpt",
    "history/x", "notes.txt", ".x.tmp-1-a", "checkpoints/.x.tmp-1-a", ".hidden", "lock", "job.yaml",
    "checkpoints/step-000000000001.safetensors", "report.html", "sub/folder/file",
  ])
  func aFolderOfOthersIsLeftAlone(name: String) throws {
    try withFolder { folder in
      try write("someone else's", folder.path + "/" + name)
      let before = try names(folder.path)
      let error = #expect(throws: RunFolderError.self) { _ = try folder.open() }
      #expect(error?.exitCode == 2 && "\(error as Any)".contains("--run"))
      #expect(try names(folder.path) == before)
      let text = try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
      #expect(text == "someone else's")
    }
  }

  @Test func whatAKilledStartLeavesIsTakenOver() throws {
    try withFolder { folder in
      for name in ["history", "checkpoints"] {
        try FileManager.default.createDirectory(
          atPath: folder.path + "/" + name, withIntermediateDirectories: true)
      }
      try write("process 1 on host since then\n", folder.lockFile)
      try write("", folder.path + "/.job.yaml.tmp-123-ab12")
      try write("", folder.checkpoints + "/.last.safetensors.tmp-123-ab12")
      _ = try folder.open()
      try folder.rewind(to: nil)
      let left = try names(folder.path)
      #expect(left == ["checkpoints", "history", "lock", "metrics.jsonl"])
    }
  }

  @Test(.enabled(if: getuid() != 0, "root can see every folder"))
  func aFolderThatCannotBeSeenIsNotEmpty() throws {
    try withFolder { folder in
      chmod(folder.path, 0o300)
      defer { chmod(folder.path, 0o700) }
      #expect(throws: FileSystemError.self) { try folder.inspect() }
    }
  }

  @Test(arguments: [
    "lock", "history", "metrics.jsonl", "checkpoints", "job.yaml", "report.html", "data.json",
    "events.out.tfevents.1.skein", "checkpoints/last.safetensors", "checkpoints/best.safetensors",
    "history/epoch-000000000.safetensors", "history/run.safetensors",
  ])
  func aLinkInARunIsRefused(name: String) throws {
    let run = try SmallRun()
    try run.train(makeSplit(10), epochs: 1)
    try withFolder { victims in
      try write("victim", victims.path + "/file")
      for target in [victims.path, victims.path + "/file", victims.path + "/none"] {
        let link = run.folder.path + "/" + name
        try? FileManager.default.removeItem(atPath: link)
        try FileManager.default.createDirectory(
          at: URL(fileURLWithPath: link).deletingLastPathComponent(),
          withIntermediateDirectories: true)
        #expect(symlink(target, link) == 0)
        let error = #expect(throws: RunFolderError.self) { _ = try run.folder.open() }
        #expect(error?.exitCode == 4 && "\(error as Any)".contains("\(name): "))
      }
      #expect(try names(victims.path) == ["file"])
      let text = try String(contentsOfFile: victims.path + "/file", encoding: .utf8)
      #expect(text == "victim")
    }
  }

  @Test(arguments: [ENOSYS, ENOLCK, EOPNOTSUPP, EINVAL, EIO, EPERM])
  func withoutLocksARunGoesOn(code: Int32) throws {
    let said = Mutex<[FileSystemLack]>([])
    var calls = FileCalls.system
    calls.notice = { lack, _ in said.withLock { $0.append(lack) } }
    calls.flock = { _, _ in
      errno = code
      return -1
    }
    let run = try SmallRun(calls: calls)
    _ = try run.folder.open()
    #expect(said.withLock { $0 } == [.locks])
  }

  /// Other people's files beside a run's stay, whatever they are called.
  @Test func onlyTheRunsOwnFilesAreRemoved() throws {
    let (run, other) = (try SmallRun(), try SmallRun())
    let split = makeSplit(30)
    try run.train(split, epochs: 1)
    var foreign: [String: Data] = [:]
    func put(_ name: String, _ data: Data) throws {
      try data.write(to: URL(fileURLWithPath: run.folder.path + "/" + name))
      foreign[name] = data
    }
    for name in [
      "events.out.tfevents.9.host", ".x.tmp-1-a", "checkpoints/.x.tmp-1-a", "notes",
      "checkpoints/step-000000000900.safetensors", "checkpoints/step-5.safetensors",
      "checkpoints/epoch=3.ckpt", "checkpoints/step-000000000002.safetensors",
    ] {
      try put(name, Data("someone else's".utf8))
    }
    // A checkpoint of another job, and one of this job under another step's name.
    let trainer = SmallRun.makeTrainer(split, epochs: 1)
    let recorder = CheckpointRecorder(
      other.folder, trainer: trainer,
      identity: RunIdentity(job: "another", dataset: "dataset", batchShards: 2, kernels: nil),
      options: .init(),
      epochs: 1)
    _ = try trainer.run(observers: [recorder])
    try recorder.finish()
    try put("checkpoints/step-000000000777.safetensors", other.bytes(other.folder.last))
    try put("checkpoints/step-000000000001.safetensors", run.bytes(run.folder.last))
    try run.train(split, epochs: 5, options: .init(keep: 1))
    for (name, data) in foreign {
      #expect(try run.bytes(run.folder.path + "/" + name) == data, "\(name)")
    }
    let own = run.folder.numberedCheckpoints().filter { foreign["checkpoints/" + $0] == nil }
    #expect(own == ["step-000000000020.safetensors"])
  }

  @Test func theNewestCheckpointHasTwoCopies() throws {
    let run = try SmallRun()
    try run.train(makeSplit(30), epochs: 2, options: .init(keep: 2))
    let (last, numbered) = (run.folder.last, run.folder.checkpoint(step: 8))
    let whole = try run.bytes(last)
    #expect(!FolderListing.areOneFile(last, numbered))
    // A bad block: the same file with other bytes in it.
    func damage(_ file: String) throws {
      let handle = try #require(FileHandle(forUpdatingAtPath: file))
      try handle.seek(toOffset: UInt64(whole.count / 2))
      try handle.write(contentsOf: Data([1, 2, 3, 4, 5, 6, 7, 8]))
      try handle.close()
    }
    let best = run.folder.best
    #expect(FolderListing.areOneFile(numbered, best))
    for file in [last, numbered, best] {
      for isMissing in [false, true] {
        if isMissing { try FileManager.default.removeItem(atPath: file) } else { try damage(file) }
        let saved = try #require(
          try run.folder.newestCheckpoint(SmallRun.network, warn: { _ in }))
        #expect(saved.state.progress.step == 8)
        var warnings: [String] = []
        try run.folder.restoreCopies(of: saved, SmallRun.network) { warnings.append($0) }
        try run.folder.restoreBest(by: .testAccuracy, SmallRun.network) {
          warnings.append($0)
        }
        #expect(!warnings.isEmpty, "\(file)")
        #expect(try run.bytes(last) == whole && run.bytes(numbered) == whole, "\(file)")
        #expect(try run.bytes(best) == whole, "\(file), \(warnings)")
      }
    }
    // Two names of one file, as the first edition left them, become two files.
    try FileManager.default.removeItem(atPath: last)
    #expect(Glibc.link(numbered, last) == 0)
    let saved = try RunFolder.load(last, SmallRun.network)
    try run.folder.restoreCopies(of: saved, SmallRun.network) { Issue.record("\($0)") }
    #expect(!FolderListing.areOneFile(last, numbered))
    #expect(try run.bytes(last) == whole)
  }

  private static let data = RunData(
    dataset: "a/b", identity: "0123", classes: ["a\"", "ü"], shape: [28, 28], type: .uint8,
    scale: 255, least: 0, greatest: 254.5, splits: ["train": 9, "test": 3])

  @Test func whatARunKnowsOfItsSamplesIsSealed() throws {
    let run = try SmallRun()
    #expect(try run.folder.data() == nil)
    try run.folder.write(Self.data)
    #expect(try run.folder.data() == Self.data)
    let bytes = Array(try run.bytes(run.folder.dataFile))
    for bit in 0..<(8 * bytes.count) {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << (bit % 8)
      try Data(damaged).write(to: URL(fileURLWithPath: run.folder.dataFile))
      do {
        // White space at the end says nothing.
        #expect(try run.folder.data() == Self.data, "bit \(bit)")
      } catch let error as FormatError {
        #expect(error.file == run.folder.dataFile)
      }
    }
    for count in 0..<(bytes.count - 1) {
      try Data(bytes[..<count]).write(to: URL(fileURLWithPath: run.folder.dataFile))
      #expect(throws: FormatError.self, "\(count) bytes") { try run.folder.data() }
    }
  }

  @Test(arguments: [[], [0], [-1], [1 << 62, 4], [1 << 31, 1 << 32], [Int.max, Int.max]])
  func shapesThatNoSampleHasAreRefused(shape: [Int]) throws {
    let run = try SmallRun()
    var data = Self.data
    data.shape = shape
    try run.folder.write(data)
    #expect(throws: FormatError.self) { try run.folder.data() }
  }

  @Test func differencesAreNamed() {
    var other = Self.data
    (other.classes, other.splits) = (["ü", "a\""], ["train": 8, "more": 1])
    #expect(
      Self.data.differences(from: other) == [
        "the classes' order: class 0 is a\" → ü", "split train: 9 samples → 8 samples",
      ])
    #expect(Self.data.differences(from: Self.data).isEmpty)
  }

  @Test func theBestEpochIsTheFirstOfTheBest() throws {
    let run = try SmallRun()
    func line(_ epoch: Int, _ accuracy: Double, _ loss: Double) throws {
      try run.folder.append(
        EpochMetrics(
          epoch: epoch, step: epoch, trainLoss: loss, trainAccuracy: accuracy, testLoss: loss,
          testAccuracy: accuracy, samplesPerSecond: 1, seconds: 1, threads: 1))
    }
    #expect(try run.folder.bestEpoch(by: .testAccuracy) == nil)
    for (epoch, accuracy, loss) in [(1, 0.5, 1.0), (2, 0.9, 0.5), (3, 0.9, 0.5), (4, 0.8, 0.1)] {
      try line(epoch, accuracy, loss)
    }
    #expect(try run.folder.bestEpoch(by: .testAccuracy)?.epoch == 2)
    #expect(try run.folder.bestEpoch(by: .testLoss)?.epoch == 4)
    #expect(BestMetric.testAccuracy.explanation(isEvaluated: true).contains("on the test split"))
    #expect(!BestMetric.testLoss.explanation(isEvaluated: false).contains("test"))
  }

  @Test func linesBehindTheCheckpointAndThoseTwiceAreDropped() throws {
    let run = try SmallRun()
    try run.train(makeSplit(30), epochs: 3)
    let lines = try String(contentsOfFile: run.folder.metricsFile, encoding: .utf8)
      .split(separator: "\n")
    let text = [lines[0], "nonsense", lines[0], lines[1], lines[2]].joined(separator: "\n")
    try write(text, run.folder.metricsFile)
    var warnings: [String] = []
    try run.folder.keepMetrics(through: 2) { warnings.append($0) }
    #expect(warnings.count == 2, "\(warnings)")
    for (warning, line) in zip(warnings, ["line 2: ", "line 3: "]) {
      #expect(warning.contains(line), "\(warning)")
    }
    let kept = try String(contentsOfFile: run.folder.metricsFile, encoding: .utf8)
    #expect(kept == lines[0...1].joined(separator: "\n") + "\n")
  }

  /// A checkpoint larger than the model's is not read, nor is memory taken that no file warrants.
  @Test func theModelBoundsWhatIsRead() throws {
    let run = try SmallRun()
    try run.train(makeSplit(10), epochs: 1)
    let whole = try run.bytes(run.folder.last)
    let huge = Network(inputs: 1 << 30, hidden: [1 << 19], outputs: 3, activation: .relu)
    #expect(throws: FormatError.self) { try RunFolder.load(run.folder.last, huge) }
    #expect(truncate(run.folder.last, 1 << 40) == 0)
    let error = #expect(throws: FormatError.self) {
      try RunFolder.load(run.folder.last, SmallRun.network)
    }
    #expect(error?.found == "\(1 << 40)" && !whole.isEmpty)
    try FileManager.default.removeItem(atPath: run.folder.last)
    mkfifo(run.folder.last, 0o600)
    #expect(throws: FormatError.self) {
      try RunFolder.load(run.folder.last, SmallRun.network)
    }
  }
}
