import Foundation
import Synchronization
import Testing

@testable import SkeinFiles
@testable import SkeinRun

/// In which order a run's files change, and what goes when a run goes back.
@Suite struct RunOrderTests {
  /// A line of metrics is added only after the checkpoint of the epoch before is whole: a reader
  /// who finds n lines finds the checkpoint of n − 1 epochs.
  ///
  /// Saving waits a while for the next line. It comes within that time only where nothing holds it
  /// back.
  @Test func aLineWaitsForTheCheckpointBeforeIt() throws {
    let order = Mutex<[String]>([])
    let line = DispatchSemaphore(value: 0)
    let system = FileCalls.system
    var calls = system
    calls.open = { path, flags, mode in
      if path.hasSuffix("metrics.jsonl"), flags & O_APPEND != 0 {
        order.withLock { $0.append("line") }
        line.signal()
      }
      return system.open(path, flags, mode)
    }
    calls.fsync = { file in
      _ = line.wait(timeout: .now() + 0.05)
      return system.fsync(file)
    }
    calls.rename = { old, new in
      let result = system.rename(old, new)
      if new.hasSuffix("last.safetensors") { order.withLock { $0.append("checkpoint") } }
      return result
    }
    let run = try SmallRun(calls: calls)
    try run.train(makeSplit(20), epochs: 3)
    // The semaphore still holds the signals of lines that were rightly written.
    #expect(
      order.withLock { $0 } == ["line", "checkpoint", "line", "checkpoint", "line", "checkpoint"])
  }

  /// A run that goes back to a checkpoint drops the numbered ones behind it, and keeps the others.
  @Test(arguments: [(7, [7]), (14, [7, 14]), (21, [7, 14, 21])])
  func checkpointsBehindTheOneGoneBackToAreDropped(step: Int, kept: [Int]) throws {
    let run = try SmallRun()
    try run.train(makeSplit(50), epochs: 3, options: .init(keep: 9))
    let folder = run.folder
    func steps() throws -> [Int] {
      try FileManager.default.contentsOfDirectory(atPath: folder.checkpoints).sorted()
        .compactMap { $0.firstMatch(of: /^step-0*(\d+)\.safetensors$/).flatMap { Int($0.1) } }
    }
    #expect(try steps() == [7, 14, 21])
    try folder.rewind(
      to: RunFolder.load(folder.checkpoint(step: step), SmallRun.network))
    #expect(try steps() == kept)
    let lines = try String(contentsOfFile: folder.metricsFile, encoding: .utf8)
    #expect(lines.split(separator: "\n").count == step / 7)
  }
}
