import Foundation
@testable import SkeinData
import Synchronization
import Testing

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
          SmallRun.architecture, warn: { warnings.append($0) })
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
      let saved = try folder.newestCheckpoint(SmallRun.architecture, warn: { _ in })
      try folder.rewind(to: saved)
      if let saved { trainer.restore(saved) }
      let recorder = RunRecorder(
        folder, trainer: trainer, identity: SmallRun.identity, options: .init(keep: 1),
        epochs: epochs, resumed: saved)
      _ = try trainer.run(observers: [recorder])
      try recorder.finish()
      return trainer.digest
    }
  }

  @Test func aSecondHolderIsTurnedAwayUntilTheFirstLetsGo() throws {
    let run = try SmallRun()
    var lock: RunLock? = try run.folder.open()
    let error = try #require(throws: RunInUseError.self) { _ = try run.folder.open() }
    #expect("\(error)".contains("process \(getpid()) on "))
    withExtendedLifetime(lock) {}
    lock = nil
    _ = try run.folder.open()
  }
}
