import Foundation
import Synchronization
import Testing

@testable import SkeinData
@testable import SkeinFiles
@testable import SkeinRun
@testable import SkeinTraining

/// Disks that fail: whatever call fails, once or for ever after, a run's folder holds the old state
/// or the new one, and goes on to the bits of a run that met no fault.
@Suite struct RunFaultTests {
  /// System calls, of which the `k`-th one fails with `code`, alone or with all that follow.
  final class Failing: Sendable {
    let count = Mutex(0)
    let k: Int
    let code: Int32
    let isLasting: Bool
    let writesShort: Bool

    init(_ k: Int, _ code: Int32, isLasting: Bool, writesShort: Bool) {
      self.k = k
      self.code = code
      self.isLasting = isLasting
      self.writesShort = writesShort
    }

    private func fails() -> Bool {
      let number = count.withLock { count in
        count += 1
        return count
      }
      guard number == k || isLasting && number > k else { return false }
      errno = code
      return true
    }

    var calls: FileCalls {
      let system = FileCalls.system
      return FileCalls(
        open: { self.fails() ? -1 : system.open($0, $1, $2) },
        write: { file, bytes in
          if self.fails() { return -1 }
          let size = self.writesShort ? min(1500, bytes.count) : bytes.count
          return system.write(file, UnsafeRawBufferPointer(rebasing: bytes[..<size]))
        },
        fsync: { self.fails() ? -1 : system.fsync($0) },
        close: { file in
          let result = system.close(file)
          return self.fails() ? -1 : result
        },
        rename: { self.fails() ? -1 : system.rename($0, $1) },
        link: { self.fails() ? -1 : system.link($0, $1) },
        unlink: { self.fails() ? -1 : system.unlink($0) })
    }
  }

  @Test(
    arguments: [ENOSPC, EIO, EINTR], [false, true])
  func everyFailingCallLeavesTheOldStateOrTheNewOne(code: Int32, isLasting: Bool) throws {
    let split = makeSplit(20)
    let whole = try SmallRun()
    let expected = try whole.train(split, epochs: 3, options: .init(keep: 1))
    for writesShort in [false, true] {
      var k = 1
      while true {
        let failing = Failing(k, code, isLasting: isLasting, writesShort: writesShort)
        let run = try SmallRun(calls: failing.calls)
        var thrown: (any Error)?
        do { try run.train(split, epochs: 3, options: .init(keep: 1)) } catch { thrown = error }
        if let error = thrown as? FileSystemError {
          #expect(error.code == code, "call \(k)")
        } else {
          #expect(thrown == nil, "call \(k): \(String(describing: thrown))")
        }
        // What is there is whole: no damaged file is passed over.
        let healthy = try Healed(run.folder.path)
        var warnings: [String] = []
        _ = try healthy.folder.newestCheckpoint(
          SmallRun.network, warn: { warnings.append($0) })
        #expect(warnings.isEmpty, "call \(k): \(warnings)")
        #expect(try healthy.train(split, epochs: 3) == expected, "call \(k)")
        #expect(try run.metrics() == whole.metrics(), "call \(k)")
        #expect(
          try run.bytes(run.folder.last) == whole.bytes(whole.folder.last), "call \(k)")
        let names = try FileManager.default.contentsOfDirectory(atPath: run.folder.checkpoints)
        #expect(!names.contains { $0.hasPrefix(".") }, "call \(k): \(names)")
        if failing.count.withLock({ $0 }) < k { break }
        k += 1
      }
      #expect(k > 40, "calls that can fail with \(code)")
    }
  }

  /// The same folder on a disk that works again.
  private struct Healed {
    let folder: RunFolder

    init(_ path: String) throws { folder = RunFolder(path: path) }

    func train(_ split: Split, epochs: Int) throws -> TrainingDigest {
      let trainer = SmallRun.makeTrainer(split, epochs: epochs)
      let saved = try folder.newestCheckpoint(SmallRun.network, warn: { _ in })
      try folder.rewind(to: saved)
      if let saved { trainer.restore(saved.state) }
      let recorder = CheckpointRecorder(
        folder, trainer: trainer, identity: SmallRun.identity, options: .init(keep: 1),
        epochs: epochs, resumed: saved)
      _ = try trainer.run(observers: [recorder])
      try recorder.finish()
      return trainer.digest
    }
  }

  /// A save's calls, in their order: each flush comes before the rename that relies on it, and the
  /// name that a resumed run reads comes last. No other test would miss a flush, because only a
  /// power failure does.
  @Test func aSaveFlushesBeforeItRenames() throws {
    let calls = Mutex<[String]>([])
    let names = Mutex<[Int32: String]>([:])
    @Sendable func note(_ call: String, _ path: String) {
      let name = URL(fileURLWithPath: path).lastPathComponent
      let shown = name.hasPrefix(".") ? "temporary" : name
      calls.withLock { $0.append("\(call) \(shown)") }
    }
    @Sendable func name(_ file: Int32) -> String { names.withLock { $0[file] ?? "?" } }
    let system = FileCalls.system
    let recording = FileCalls(
      open: { path, flags, mode in
        let file = system.open(path, flags, mode)
        names.withLock { $0[file] = path }
        return file
      },
      write: { file, bytes in
        note("write", name(file))
        return system.write(file, bytes)
      },
      fsync: { file in
        note("fsync", name(file))
        return system.fsync(file)
      },
      close: { system.close($0) },
      rename: { old, new in
        note("rename to", new)
        return system.rename(old, new)
      },
      link: { old, new in
        note("link", old)
        return system.link(old, new)
      },
      unlink: { system.unlink($0) })
    let run = try SmallRun(calls: recording)
    try LogFile.append([1], to: run.folder.metricsFile)
    try run.folder.save([1, 2, 3], step: 7, isBest: true, keep: 3, of: [])
    let numbered = "step-000000000007.safetensors"
    #expect(
      calls.withLock { $0 } == [
        "fsync metrics.jsonl", "write temporary", "fsync temporary", "rename to \(numbered)",
        "fsync checkpoints", "link \(numbered)", "rename to best.safetensors",
        "write temporary", "fsync temporary", "rename to last.safetensors", "fsync checkpoints",
      ])
  }

  @Test func aSecondHolderIsTurnedAwayUntilTheFirstLetsGo() throws {
    let run = try SmallRun()
    var lock: RunLock? = try run.folder.open()
    let error = try #require(throws: RunInUseError.self) { _ = try run.folder.open() }
    #expect("\(error)".contains("this program itself, process \(getpid()) on "), "\(error)")
    withExtendedLifetime(lock) {}
    lock = nil
    _ = try run.folder.open()
  }
}
