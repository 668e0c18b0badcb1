import Foundation
import SkeinFiles
import SkeinTestSupport
import Testing

/// Runs `skein` on a terminal of its own.
enum Pty {
  /// What a run on `columns` columns wrote, standard output and errors together, as lines without
  /// escape sequences; a line that was overwritten counts as several.
  static func lines(_ arguments: [String], columns: Int) throws -> [String] {
    var size = winsize(ws_row: 50, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    var (master, slave): (Int32, Int32) = (-1, -1)
    try #require(openpty(&master, &slave, nil, nil, &size) == 0)
    let terminal = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
    let process = Process()
    process.executableURL = Command.executable
    process.arguments = arguments
    process.currentDirectoryURL = Command.root
    process.environment = ["TERM": "xterm", "HOME": "/tmp", "SWIFT_BACKTRACE": "enable=no"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = terminal
    process.standardError = terminal
    try process.run()
    close(slave)
    defer { close(master) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while true {
      var wanted = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      let ready = poll(&wanted, 1, 300_000)
      if ready < 0, errno == EINTR { continue }
      // Five minutes without a word: `end` is to find it stuck.
      guard ready > 0 else {
        process.end(atMost: 0)
        break
      }
      // An error of input and output is how a terminal says that nobody writes to it any more.
      let count = read(master, &piece, piece.count)
      if count > 0 { bytes += piece[..<count] } else if count == 0 || errno != EINTR { break }
    }
    process.end()
    #expect(process.terminationReason == .exit)
    return String(decoding: bytes, as: UTF8.self).replacing(/\u{1B}\[[0-9;]*[A-Za-z]/, with: "")
      .split { $0.isNewline || $0 == "\r" }.map(String.init)
  }
}
