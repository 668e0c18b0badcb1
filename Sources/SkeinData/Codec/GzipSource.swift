import SkeinFiles

/// The content of gzip data, decompressed as it is asked for.
///
/// What `gzip -dc` reads: any number of members one after the other, as `cat` and bgzip leave them,
/// and zero bytes behind the last one, as tapes and block devices do. Anything else behind a member
/// is refused. zlib checks each member's length and CRC-32.
final class GzipSource: ByteSource {
  let name: String
  private(set) var offset = 0
  private let inflater: Inflater
  private var ended = false

  init(_ compressed: any ByteSource) throws {
    name = compressed.name
    inflater = try Inflater(compressed, .gzip)
  }

  func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    require(!target.isEmpty, "a read of 0 bytes")
    // Members may be empty, as the one that ends a bgzip file.
    while !ended {
      let (count, memberEnded) = try inflater.read(into: target)
      if memberEnded { try goToNextMember() }
      offset += count
      if count > 0 { return count }
    }
    return 0
  }

  private func goToNextMember() throws {
    let end = inflater.position
    switch try inflater.nextByte() {
    case nil: ended = true
    case FileSignature.gzip[0]: inflater.beginAgain()
    default:
      while try inflater.nextByte() == 0 { inflater.skipByte() }
      guard try inflater.nextByte() == nil else {
        throw DataError(
          name, at: "byte \(end)", expected: "another gzip member, zeros, or the end of the file",
          found: "other bytes", advice: "pack it again: gzip -dc FILE | gzip > NEW.gz")
      }
      ended = true
    }
  }
}
