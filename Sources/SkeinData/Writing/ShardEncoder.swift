import SkeinFiles

/// Turns elements into one shard file: an IDX file in one zstd frame.
struct ShardEncoder {
  /// The dataset folder.
  let folder: OutputFolder
  /// The zstd level.
  let level: Int

  /// Writes the shard file `stem.idx.zst`, or the like, whose elements `fill` puts, in the
  /// machine's byte order, into the buffer it is given. It gets its name when the folder publishes
  /// it. One copy of the elements and one of the compressed file in memory.
  ///
  /// - Parameter report: gets the part that is compressed, in 0…1, from time to time.
  /// - Throws: What `fill` and `report` throw; `FileSystemError` where writing fails.
  func write(
    _ stem: String, _ header: IDXHeader, fill: (UnsafeMutableRawBufferPointer) throws -> Void,
    report: (Double) throws -> Void
  ) throws -> Manifest.File {
    let (name, temporary) = folder.freshName(stem, Manifest.shardSuffix)
    let path = "\(folder.path)/\(name)"
    let rawBytes = header.size + header.payloadSize
    let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: rawBytes, alignment: 16)
    defer { raw.deallocate() }
    raw.copyBytes(from: header.encoded)
    let payload = UnsafeMutableRawBufferPointer(rebasing: raw[header.size...])
    try fill(payload)
    ByteOrder.big.convert(payload, elementSize: header.type.size)
    let frame = try ZstdEncoder.compress(
      UnsafeRawBufferPointer(raw), level: level, name: path,
      report: { try report(Double($0) / Double(rawBytes)) })
    do throws(FileSystemError) {
      try AtomicFile.write(frame, to: temporary)
    } catch {
      throw FileSystemError(error.operation, path, code: error.code)
    }
    return Manifest.File(
      file: name, bytes: frame.count, rawBytes: rawBytes,
      sha256: SHA256.hexadecimal(of: frame))
  }
}
