import Glibc
import Synchronization
import Testing

@testable import SkeinFiles

/// A file that only grows, on disks that take a part of a line.
@Suite struct LogFileTests {
  /// System calls whose first write takes `room` bytes, and whose second one fails with `code`.
  private func calls(room: Int, code: Int32) -> FileCalls {
    let writes = Mutex(0)
    var calls = FileCalls.system
    calls.write = { file, bytes in
      let number = writes.withLock { number in
        number += 1
        return number
      }
      guard number == 1 else {
        errno = code
        return -1
      }
      let part = UnsafeRawBufferPointer(rebasing: bytes[..<min(room, bytes.count)])
      return FileCalls.system.write(file, part)
    }
    return calls
  }

  @Test(arguments: [ENOSPC, EIO, EDQUOT, EFBIG], [1, 5, 11])
  func aFailedAppendLeavesTheFileAsItWas(code: Int32, room: Int) throws {
    let scratch = try Scratch()
    for old in ["", "one\n", "one\ntwo\n"] {
      let path = try scratch.write(Array(old.utf8), to: "log")
      let error = #expect(throws: FileSystemError.self) {
        try LogFile.append(
          Array("a longer line\n".utf8), to: path, through: calls(room: room, code: code))
      }
      #expect(error?.code == code && error?.operation == "write")
      #expect(try scratch.bytes("log") == Array(old.utf8), "\(room) bytes behind \(old.count)")
      // The next line is whole.
      try LogFile.append(Array("next\n".utf8), to: path)
      #expect(try scratch.bytes("log") == Array((old + "next\n").utf8))
    }
  }
}
