import Glibc
import Testing

@testable import SkeinFiles

/// Calls that stay below a folder, where links lead out of it.
@Suite struct FileCallsTests {
  @Test func linksBelowTheFolderAreNotFollowed() throws {
    let (inside, outside) = (try Scratch(), try Scratch())
    try outside.write([1, 2, 3], to: "kept")
    #expect(symlink(outside.path, inside.file("folder")) == 0)
    #expect(symlink(outside.file("kept"), inside.file("file")) == 0)
    let calls = FileCalls.below(inside.path)
    for flags in [O_RDONLY, O_WRONLY, O_WRONLY | O_TRUNC, O_WRONLY | O_CREAT | O_APPEND] {
      #expect(calls.open(inside.file("file"), flags, 0o600) == -1 && errno == ELOOP)
      #expect(calls.open(inside.file("folder/kept"), flags, 0o600) == -1 && errno == ENOTDIR)
      #expect(calls.open(inside.file("folder/deep/kept"), flags, 0o600) == -1 && errno == ENOTDIR)
    }
    #expect(calls.unlink(inside.file("folder/kept")) == -1 && errno == ENOTDIR)
    for error in [
      #expect(throws: FileSystemError.self) {
        try AtomicFile.write([[9]], to: inside.file("folder/kept"), through: calls)
      },
      #expect(throws: FileSystemError.self) {
        try LogFile.append([9], to: inside.file("folder/kept"), through: calls)
      },
      #expect(throws: FileSystemError.self) {
        try LogFile.append([9], to: inside.file("file"), through: calls)
      },
    ] { #expect([ENOTDIR, ELOOP].contains(error?.code)) }
    #expect(try outside.bytes("kept") == [1, 2, 3] && outside.names == ["kept"])
    // The link itself goes.
    #expect(calls.unlink(inside.file("file")) == 0)
    #expect(inside.names == ["folder"] && outside.names == ["kept"])
  }

  /// The folder itself may be a link, and its path may be written in many ways.
  @Test func whatLiesInTheFolderIsWritten() throws {
    let (real, other) = (try Scratch(), try Scratch())
    #expect(symlink(real.path, other.file("link")) == 0)
    #expect(mkdir(real.file("a"), 0o700) == 0)
    for root in [real.path, real.path + "/", other.file("link"), real.path + "//."] {
      let calls = FileCalls.below(root)
      for name in ["x", "a/x", "\u{301}x"] {
        let path = root + "/" + name
        try AtomicFile.write([[1], [2]], to: path, through: calls)
        try LogFile.append([3], to: path, through: calls)
        try AtomicFile.link(path, as: path + "2", content: [], through: calls)
        #expect(try real.bytes(name) == [1, 2, 3] && real.bytes(name + "2") == [1, 2, 3])
        #expect(calls.unlink(path) == 0 && calls.unlink(path + "2") == 0, "\(path)")
      }
      #expect(real.names == ["a"])
    }
    // Elsewhere the system's calls do what they always do.
    let calls = FileCalls.below(real.path)
    try other.write([7], to: "file")
    #expect(symlink(other.file("file"), other.file("second")) == 0)
    let file = calls.open(other.file("second"), O_RDONLY, 0)
    #expect(file >= 0 && calls.close(file) == 0)
    #expect(calls.open(real.path + "x", O_RDONLY, 0) == -1 && errno == ENOENT)
  }

  /// A file system that opens no folders: files are written all the same, and links not followed.
  @Test(arguments: [EACCES, EINVAL, ENOSYS, EOPNOTSUPP])
  func foldersNeedNotBeOpened(code: Int32) throws {
    let (inside, outside) = (try Scratch(), try Scratch())
    var base = FileCalls.system
    base.open = { path, flags, mode in
      guard flags & O_DIRECTORY != 0 else { return Glibc.open(path, flags, mode) }
      errno = code
      return -1
    }
    #expect(mkdir(inside.file("a"), 0o700) == 0)
    #expect(symlink(outside.path, inside.file("link")) == 0)
    try outside.write([1], to: "kept")
    let calls = FileCalls.below(inside.path, over: base)
    try AtomicFile.write([[1]], to: inside.file("a/x"), through: calls)
    try LogFile.append([2], to: inside.file("a/x"), through: calls)
    #expect(try inside.bytes("a/x") == [1, 2])
    #expect(calls.open(inside.file("link/kept"), O_WRONLY, 0) == -1 && errno == code)
    #expect(calls.unlink(inside.file("link/kept")) == -1 && errno == code)
    #expect(calls.unlink(inside.file("a/x")) == 0 && outside.names == ["kept"])
  }
}
