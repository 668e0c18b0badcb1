import Foundation
import Testing

@testable import SkeinFiles

/// Files and streams that may be anything: read at once, up to a limit.
@Suite struct WholeFileTests {
  @Test(.timeLimit(.minutes(5))) func anythingIsReadOrRefusedAtOnce() throws {
    let scratch = try Scratch()
    let path = try scratch.write(Array("content".utf8), to: "file")
    #expect(try WholeFile.stream(path, atMost: 7) == Array("content".utf8))
    #expect(throws: WholeFile.Failure.tooLarge(7)) { try WholeFile.stream(path, atMost: 6) }
    #expect(try WholeFile.stream("/dev/null", atMost: 0) == [])
    #expect(throws: WholeFile.Failure.self) { try WholeFile.stream("/dev/zero", atMost: 1 << 20) }
    #expect(throws: WholeFile.Failure.system(EISDIR)) {
      try WholeFile.stream(scratch.path, atMost: 10)
    }
    #expect(throws: WholeFile.Failure.system(ENOENT)) {
      try WholeFile.stream(scratch.file("nothing"), atMost: 10)
    }
    let pipe = scratch.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    // Nobody writes: nothing is there, and nothing is waited for.
    #expect(try WholeFile.stream(pipe, atMost: 10) == [])
    #expect(throws: WholeFile.Failure.irregular("a named pipe")) {
      try WholeFile.read(pipe, atMost: 10)
    }
  }

  /// A pipe whose writer takes its time is read to its end.
  @Test(.timeLimit(.minutes(5))) func aSlowPipeIsReadToItsEnd() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let (reader, writer) = (ends[0], ends[1])
    let thread = Thread {
      for byte in UInt8(0)..<50 {
        usleep(500)
        _ = withUnsafePointer(to: byte) { write(writer, $0, 1) }
      }
      close(writer)
    }
    thread.start()
    #expect(try WholeFile.stream("/dev/fd/\(reader)", atMost: 100) == Array(0..<50))
    close(reader)
  }
}
