import CZlib
import CZstd
import Foundation
import SkeinFiles

@testable import SkeinData

/// Compressors that can also do what a dataset must not hold.
enum Packing {
  static func zstd(
    _ content: [UInt8], level: Int32 = 3, checksum: Bool = true, contentSize: Bool = true,
    windowLog: Int32 = 0
  ) -> [UInt8] {
    let context = ZSTD_createCCtx()!
    defer { ZSTD_freeCCtx(context) }
    _ = ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
    _ = ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, checksum ? 1 : 0)
    _ = ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, contentSize ? 1 : 0)
    if windowLog > 0 { _ = ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, windowLog) }
    var target = [UInt8](repeating: 0, count: ZSTD_compressBound(content.count) + 64)
    // Streaming with an unknown size makes a frame with a window of its own.
    let size = target.withUnsafeMutableBytes { target in
      content.withUnsafeBytes { source in
        var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
        if contentSize { _ = ZSTD_CCtx_setPledgedSrcSize(context, UInt64(content.count)) }
        if !contentSize { _ = ZSTD_compressStream2(context, &output, &input, ZSTD_e_continue) }
        while ZSTD_compressStream2(context, &output, &input, ZSTD_e_end) != 0 {}
        return output.pos
      }
    }
    return Array(target[..<size])
  }

  static func gzip(_ content: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    _ = deflateInit2_(
      &stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var source = content
    var target = [UInt8](
      repeating: 0, count: Int(deflateBound(&stream, UInt(content.count))) + 64)
    source.withUnsafeMutableBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        _ = deflate(&stream, Z_FINISH)
      }
    }
    return Array(target[..<Int(stream.total_out)])
  }
}

/// A dataset of one shard, built by hand, so that each part of it can be wrong while its manifest
/// promises just that.
struct HandMade {
  var elements: [UInt8] = Sample.elements(4)
  var labels: [UInt8] = [0, 1, 2, 0]
  var count = 4
  var images: [UInt8]
  var labelFile: [UInt8]
  var edit: (inout Manifest) -> Void = { _ in }

  init() {
    images = Packing.zstd(IDX.encode(elements, shape: [4, 3, 2]))
    labelFile = Packing.zstd(IDX.encode(labels, shape: [4]))
  }

  func write(to path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    func entry(_ name: String, _ bytes: [UInt8], _ rawBytes: Int) throws -> Manifest.File {
      try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
      let hash = SHA256.hexadecimal(of: bytes)
      return Manifest.File(file: name, bytes: bytes.count, rawBytes: rawBytes, sha256: hash)
    }
    var manifest = Sample.manifest
    manifest.splits["train"] = [
      Manifest.Shard(
        count: count, images: try entry("i.idx.zst", images, 16 + 6 * count),
        labels: try entry("l.idx.zst", labelFile, 8 + count))
    ]
    edit(&manifest)
    // Plain writes: flushing the disk for each of thousands of datasets would take minutes.
    try Data(ManifestFile.encode(manifest)).write(to: URL(fileURLWithPath: path + "/dataset.json"))
  }

  /// The faults of loading it.
  func faults(checksHashes: Bool = true) throws -> [DataFault]? {
    let scratch = try Scratch()
    try write(to: scratch.file("set"))
    return try SkeinDataTests.faults {
      let folder = try DatasetFolder(opening: scratch.file("set"))
      _ = try folder.load("train", threads: 2, checksHashes: checksHashes)
    }
  }
}
