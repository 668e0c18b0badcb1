import Glibc

extension WholeFile {
  /// The bytes at `path`, which may also be a pipe or a device: they are read until they end, or
  /// are more than `limit`. A named pipe that nobody writes to is empty, so nothing is waited for
  /// that may never come.
  package static func stream(_ path: String, atMost limit: Int) throws(Failure) -> [UInt8] {
    let file = try open(path, followsLinks: true)
    defer { close(file) }
    var bytes: [UInt8] = []
    while true {
      let piece = try piece(of: file)
      if piece.isEmpty { return bytes }
      bytes += piece
      guard bytes.count <= limit else { throw .tooLarge(bytes.count) }
    }
  }

  /// The next bytes of `file`, at most 64 KiB; none at its end.
  private static func piece(of file: Int32) throws(Failure) -> [UInt8] {
    let room = 1 << 16
    while true {
      var count = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
        count = uninterrupted { Glibc.read(file, buffer.baseAddress, room) }
        filled = max(0, count)
      }
      if count >= 0 { return bytes }
      let code = errno
      guard code == EAGAIN else { throw .system(code) }
      // A pipe whose writer has not written yet.
      var request = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
      _ = poll(&request, 1, -1)
    }
  }
}
