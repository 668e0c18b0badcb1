import Foundation
import Synchronization
import Testing

@testable import SkeinData

/// Compressed data in several pieces, and pipes: what `gzip -dc` and `zstd -dc` read.
@Suite struct PackedStreamTests {
  private static let idx = IDX.encode(Sample.elements(50), shape: [50, 3, 2])

  private func elements(_ bytes: [UInt8]) throws -> [UInt8] {
    let scratch = try Scratch()
    return try elements(ArrayReader(path: scratch.write(bytes, to: "file")))
  }

  private func elements(_ reader: ArrayReader) throws -> [UInt8] {
    var read: [UInt8] = []
    try reader.forEachPiece { _, piece in read += piece }
    return read
  }

  /// A skippable frame as pzstd and seekable zstd files have them.
  private static func skippable(_ content: [UInt8], kind: UInt8 = 0) -> [UInt8] {
    [0x50 | kind, 0x2A, 0x4D, 0x18, UInt8(content.count), 0, 0, 0] + content
  }

  @Test func gzipOfSeveralMembersIsRead() throws {
    for cut in [1, 4, 15, 16, 17, 200] {
      let (front, back) = (Array(Self.idx[..<cut]), Array(Self.idx[cut...]))
      let members = Packing.gzip(front) + Packing.gzip([]) + Packing.gzip(back)
      #expect(try elements(members) == Sample.elements(50), "cut at \(cut)")
      // bgzip ends in an empty member; tapes pad with zeros, of any number.
      #expect(try elements(members + Packing.gzip([])) == Sample.elements(50))
      for zeros in [1, 511, 200_000] {
        let padded = members + [UInt8](repeating: 0, count: zeros)
        #expect(try elements(padded) == Sample.elements(50), "\(zeros) zeros")
        #expect(try faults { _ = try elements(padded + [1]) } != nil)
      }
      for end in [front.count, members.count - 1] {
        #expect(try faults { _ = try elements(Array(members[..<end])) } != nil)
      }
    }
  }

  @Test func zstdOfSeveralFramesIsRead() throws {
    for cut in [1, 4, 15, 16, 17, 200] {
      let (front, back) = (Packing.zstd(Array(Self.idx[..<cut])), Array(Self.idx[cut...]))
      let skip = Self.skippable([1, 2, 3], kind: 7)
      let frames = front + Packing.zstd([]) + skip + Packing.zstd(back, contentSize: false)
      #expect(try elements(frames) == Sample.elements(50), "cut at \(cut)")
      #expect(try elements(skip + frames + skip) == Sample.elements(50))
      for end in (1..<frames.count) {
        #expect(try faults { _ = try elements(Array(frames[..<end])) } != nil, "\(end) bytes")
      }
      #expect(try faults { _ = try elements(frames + skip.dropLast()) } != nil)
      #expect(try faults { _ = try elements(frames + [0]) } != nil)
    }
    #expect(try faults { _ = try elements(Self.skippable([1, 2, 3])) } != nil)
  }

  /// A shard file is one frame: other pieces would not be covered by its content size.
  @Test func shardFilesStayStrict() throws {
    for change in 0..<4 {
      var made = HandMade()
      switch change {
      case 0: made.images += Packing.zstd([])
      case 1: made.images += Self.skippable([1])
      case 2: made.images = Self.skippable([1]) + made.images
      default:
        let content = IDX.encode(made.elements, shape: [4, 3, 2])
        made.images = Packing.zstd(Array(content[..<20])) + Packing.zstd(Array(content[20...]))
      }
      #expect(try made.faults()?.isEmpty == false, "change \(change)")
      #expect(try made.faults(checksHashes: false)?.isEmpty == false, "change \(change)")
    }
  }

  /// Members don't raise what a header may promise: the bound is the file's size times DEFLATE's
  /// gain.
  @Test func promisesAreBoundedBySize() throws {
    let promise: [UInt8] = [0, 0, 8, 2, 0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF]
    for packed in [
      Packing.gzip(promise) + Packing.gzip([]), Packing.zstd(promise) + Packing.zstd([]),
    ] {
      let scratch = try Scratch()
      let path = try scratch.write(packed, to: "file")
      let fault = try faults { _ = try ArrayReader(path: path) }?.first
      #expect(fault?.place == "header" && fault?.found.contains("4294836225") == true)
    }
  }

  @Test(.timeLimit(.minutes(5))) func pipesAreRead() throws {
    let scratch = try Scratch()
    let pipe = scratch.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    let archive = Zip.archive([("a.npy", ArrayReaderTests.numPy("{}", []))])
    for (bytes, isRead) in [
      (Self.idx, true), (Packing.gzip(Self.idx), true), (Packing.zstd(Self.idx), true),
      (Array(Self.idx.dropLast()), false), (Self.idx + [0], false), (archive, false), ([], false),
    ] {
      let writer = Thread {
        // In two parts, so that a read gives fewer bytes than there will be.
        guard let file = FileHandle(forWritingAtPath: pipe) else { return }
        let half = bytes.count / 2
        try? file.write(contentsOf: Data(bytes[..<half]))
        usleep(20_000)
        try? file.write(contentsOf: Data(bytes[half...]))
        try? file.close()
      }
      writer.start()
      var read: [UInt8] = []
      let fault = try faults { read = try elements(ArrayReader(path: pipe)) }
      #expect((fault == nil) == isRead, "\(fault as Any)")
      if isRead { #expect(read == Sample.elements(50)) }
      // The writer may not have come to its end where reading stopped before.
      for _ in 0..<60_000 where !writer.isFinished { usleep(1000) }
      #expect(writer.isFinished)
    }
  }

  @Test(.timeLimit(.minutes(5))) func aPipeWithoutWriterCanBeGivenUp() throws {
    let scratch = try Scratch()
    #expect(mkfifo(scratch.file("pipe"), 0o600) == 0)
    let asked = Atomic<Int>(0)
    #expect(throws: CancellationError.self) {
      _ = try ArrayReader(
        path: scratch.file("pipe"),
        isCancelled: { asked.add(1, ordering: .relaxed).newValue >= 3 })
    }
    #expect(asked.load(ordering: .relaxed) == 3)
  }
}
