import Foundation
import Synchronization
import Testing

@testable import SkeinFiles

@Suite struct AtomicFileTests {
  /// The system calls, of which the `k`-th one fails with `code`; short writes of 3 bytes.
  private final class Failing: Sendable {
    let count = Mutex(0)
    let k: Int
    let code: Int32

    init(_ k: Int, _ code: Int32) {
      self.k = k
      self.code = code
    }

    private func fails() -> Bool {
      let number = count.withLock { count in
        count += 1
        return count
      }
      guard number == k else { return false }
      errno = code
      return true
    }

    var calls: FileCalls {
      let system = FileCalls.system
      return FileCalls(
        open: { self.fails() ? -1 : system.open($0, $1, $2) },
        write: { file, bytes in
          self.fails()
            ? -1
            : system.write(
              file, UnsafeRawBufferPointer(rebasing: bytes[..<min(3, bytes.count)]))
        },
        fsync: { self.fails() ? -1 : system.fsync($0) },
        close: { file in
          // A close that fails has closed the file all the same.
          let result = system.close(file)
          return self.fails() ? -1 : result
        },
        rename: { self.fails() ? -1 : system.rename($0, $1) },
        link: { self.fails() ? -1 : system.link($0, $1) },
        unlink: { system.unlink($0) })
    }
  }

  private static let old: [UInt8] = Array("the old content".utf8)
  private static let new: [[UInt8]] = [Array("the new ".utf8), [], Array("content, longer".utf8)]

  @Test func everyFailingCallLeavesTheOldFileOrTheNewOne() throws {
    for code in [ENOSPC, EIO, EFBIG, EDQUOT] {
      var k = 1
      while true {
        let scratch = try Scratch()
        let path = try scratch.write(Self.old, to: "file")
        let failing = Failing(k, code)
        var thrown: FileSystemError?
        do {
          try AtomicFile.write(Self.new, to: path, through: failing.calls)
        } catch {
          thrown = error
        }
        #expect(scratch.names == ["file"], "call \(k)")
        let content = try scratch.bytes("file")
        guard let thrown else {
          #expect(content == Self.new.flatMap { $0 })
          // The last call is the close of the folder, which says nothing.
          #expect(failing.count.withLock { $0 } <= k)
          break
        }
        #expect(thrown.code == code, "call \(k)")
        #expect(content == Self.old || content == Self.new.flatMap { $0 }, "call \(k)")
        k += 1
      }
      // 14 calls: open, 3 + 5 short writes, fsync, close, rename, open and fsync of the folder.
      #expect(k == 15, "calls that can fail with \(code)")
    }
  }

  @Test func interruptedWritesGoOn() throws {
    let scratch = try Scratch()
    for k in 2...6 {
      let calls = Failing(k, EINTR).calls
      try AtomicFile.write(Self.new, to: scratch.file("file"), through: calls)
      #expect(try scratch.bytes("file") == Self.new.flatMap { $0 })
    }
  }

  @Test func realFailuresNameTheStepAndThePath() throws {
    let scratch = try Scratch()
    let missing = scratch.file("none/file")
    #expect {
      try AtomicFile.write([1], to: missing)
    } throws: { error in
      let error = error as? FileSystemError
      return error?.operation == "create" && error?.code == ENOENT
        && "\(error as Any)".contains("No such file")
    }
    try FileManager.default.createDirectory(
      atPath: scratch.file("folder"), withIntermediateDirectories: false)
    #expect(throws: FileSystemError.self) {
      try AtomicFile.write([1], to: scratch.file("folder"))
    }
    #expect(scratch.names == ["folder"])
  }

  /// A name may have 255 bytes, however many characters those are.
  @Test(arguments: ["a", "é", "🧶", "e\u{301}"])
  func longNamesAreWritten(letter: String) throws {
    let scratch = try Scratch()
    let name = String(repeating: letter, count: 250 / letter.utf8.count)
    try AtomicFile.write([1, 2, 3], to: scratch.file(name))
    #expect(try scratch.bytes(name) == [1, 2, 3])
    #expect(scratch.names.count == 1)
  }

  @Test func everySizeComesBack() throws {
    let scratch = try Scratch()
    for size in [0, 1, 4095, 4096, 100_000] {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
      try AtomicFile.write(bytes, to: scratch.file("file"))
      #expect(try scratch.bytes("file") == bytes, "\(size) bytes")
    }
  }
}
