import Foundation
import Synchronization
import Testing

@testable import SkeinData
@testable import SkeinFiles

/// File systems that cannot do what a writer can do without, as over a network or in FUSE.
@Suite struct FileSystemLackTests {
  private final class Notices: Sendable {
    let all = Mutex<[FileSystemLack]>([])
  }

  private func calls(_ change: (inout FileCalls) -> Void) -> (FileCalls, Notices) {
    let notices = Notices()
    var calls = FileCalls.system
    calls.notice = { lack, _ in notices.all.withLock { $0.append(lack) } }
    change(&calls)
    return (calls, notices)
  }

  private static func isFolder(_ file: Int32) -> Bool {
    var status = stat()
    return fstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  @Test(arguments: [
    EACCES, EPERM, ENOTSUP, EMLINK, ENOSYS, EXDEV, EINVAL, EOPNOTSUPP, EROFS, ENOENT,
  ])
  func withoutHardLinksFilesAreCopied(code: Int32) throws {
    let scratch = try Scratch()
    try scratch.write([1, 2], to: "a")
    try scratch.write([0], to: "b")
    let (calls, notices) = calls {
      $0.link = { _, _ in
        errno = code
        return -1
      }
    }
    try AtomicFile.link(
      scratch.file("a"), as: scratch.file("b"), content: [1, 2], through: calls)
    #expect(try scratch.bytes("b") == [1, 2] && scratch.names == ["a", "b"])
    #expect(notices.all.withLock { $0 } == [.hardLinks])
  }

  @Test(arguments: [EINVAL, ENOSYS, EOPNOTSUPP, ENOTTY, EBADF, EROFS, EACCES], [true, false])
  func foldersThatCannotBeFlushedAreNoFault(code: Int32, opens: Bool) throws {
    let scratch = try Scratch()
    let (calls, notices) = calls { calls in
      calls.fsync = { file in
        guard Self.isFolder(file) else { return fsync(file) }
        errno = code
        return -1
      }
      if opens { return }
      calls.open = { path, flags, mode in
        guard flags & O_DIRECTORY != 0 else { return open(path, flags, mode) }
        errno = code
        return -1
      }
    }
    try AtomicFile.write([[7]], to: scratch.file("a"), through: calls)
    #expect(try scratch.bytes("a") == [7])
    #expect(notices.all.withLock { $0 } == [.flushingFolders])
  }

  @Test(arguments: [EINVAL, EROFS, ENOSYS, EOPNOTSUPP])
  func filesThatCannotBeFlushedAreTold(code: Int32) throws {
    let scratch = try Scratch()
    let (calls, notices) = calls {
      $0.fsync = { file in
        guard !Self.isFolder(file) else { return fsync(file) }
        errno = code
        return -1
      }
    }
    try AtomicFile.write([[7]], to: scratch.file("a"), through: calls)
    try LogFile.flush(scratch.file("a"), through: calls)
    #expect(notices.all.withLock { $0 } == [.flushingFiles, .flushingFiles])
  }

  /// A disk that is full or broken is a fault all the same.
  @Test(arguments: [ENOSPC, EIO, EDQUOT])
  func faultsStayFaults(code: Int32) throws {
    let scratch = try Scratch()
    for ofFolder in [true, false] {
      let (calls, notices) = calls {
        $0.fsync = { file in
          guard Self.isFolder(file) == ofFolder else { return fsync(file) }
          errno = code
          return -1
        }
      }
      let error = #expect(throws: FileSystemError.self) {
        try AtomicFile.write([[7]], to: scratch.file("a"), through: calls)
      }
      #expect(error?.code == code && notices.all.withLock { $0.isEmpty })
    }
  }

  @Test func logsFollowNoLinkAndWaitForNoPipe() throws {
    let scratch = try Scratch()
    try scratch.write([1], to: "victim")
    symlink(scratch.file("victim"), scratch.file("link"))
    mkfifo(scratch.file("pipe"), 0o600)
    for name in ["link", "pipe"] {
      #expect(throws: FileSystemError.self) { try LogFile.append([2], to: scratch.file(name)) }
      #expect(throws: FileSystemError.self) { try LogFile.flush(scratch.file(name)) }
      #expect(throws: WholeFile.Failure.self) { try WholeFile.prefix(scratch.file(name), 9) }
      #expect(throws: LineFile.Failure.self) {
        try LineFile.forEach(scratch.file(name)) { _, _, _ in }
      }
    }
    #expect(try scratch.bytes("victim") == [1])
  }

  @Test func linesComeOneByOneAndHaveALimit() throws {
    let scratch = try Scratch()
    let long = [UInt8](repeating: 97, count: 200_000)
    let newline: [UInt8] = [10]
    let path = try scratch.write([98] + newline + newline + long + newline + [99], to: "a")
    var found: [String] = []
    try LineFile.forEach(path) { line, number, isWhole in
      found.append("\(line.count) \(number) \(isWhole)")
    }
    #expect(found == ["1 1 true", "200000 3 true", "1 4 false"])
    // A file of a terabyte without a line end: sparse, so that it takes no room.
    let endless = try scratch.write([98, 10], to: "b")
    #expect(truncate(endless, 1 << 40) == 0)
    #expect(throws: LineFile.Failure.longLine(number: 2)) {
      try LineFile.forEach(endless) { _, _, _ in }
    }
    #expect(throws: WholeFile.Failure.tooLarge(1 << 40)) {
      try WholeFile.read(endless, atMost: 1 << 20)
    }
  }

  /// Names of other programs' temporary files stay theirs.
  @Test func temporaryNamesAreExact() {
    #expect(AtomicFile.target(ofTemporary: ".job.yaml.tmp-12-ab9") == "job.yaml")
    for name in [
      "job.yaml.tmp-12-ab", ".job.yaml.tmp-12", ".job.yaml.tmp-x-ab", ".job.yaml.tmp-12-AB",
      ".job.yaml.tmp-12-123456789", ".tmp-12-ab", ".x.tmp-1-a.bak",
    ] {
      #expect(AtomicFile.target(ofTemporary: name) == nil, "\(name)")
    }
  }

  @Test func rangesAreThoseOfTheFiniteElements() {
    func range<Element: SampleElement>(_ samples: [Element]) -> ClosedRange<Float>? {
      Split(
        name: "a", sampleShape: [1], classCount: 1, samples: samples,
        labels: samples.map { _ in 0 }
      ).range
    }
    #expect(range([3, 255, 7] as [UInt8]) == 3...255 && range([-3, 5] as [Int8]) == -3...5)
    #expect(range([-300, 5] as [Int16]) == -300...5)
    #expect(range([-70000, 5] as [Int32]) == -70000...5)
    #expect(range([.nan, 0.5, -.infinity, 2] as [Float]) == 0.5...2)
    #expect(range([1e300, 0.5] as [Double]) == 0.5...0.5 && range([.nan] as [Float]) == nil)
  }
}
