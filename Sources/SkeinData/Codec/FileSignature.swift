import SkeinFiles

/// What a file is, judged by its first bytes.
enum FileSignature {
  static let gzip: [UInt8] = [0x1F, 0x8B]
  static let zstd: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
  static let zip: [UInt8] = [0x50, 0x4B, 0x03, 0x04]
  static let numPy: [UInt8] = [0x93] + Array("NUMPY".utf8)

  private static let known: [(prefix: [UInt8], name: String)] = [
    (gzip, "gzip data"),
    (zstd, "zstd data"),
    (numPy, "a NumPy array"),
    ([0x89] + Array("PNG".utf8), "a PNG image"),
    ([0xFF, 0xD8, 0xFF], "a JPEG image"),
    (Array("GIF8".utf8), "a GIF image"),
    (Array("BM".utf8), "a BMP image"),
    (Array("%PDF".utf8), "a PDF document"),
    (zip, "a ZIP archive (.npz files are that too)"),
    (Array("BZh".utf8), "bzip2 data"),
    ([0xFD] + Array("7zXZ".utf8), "xz data"),
    ([0x89] + Array("HDF".utf8), "an HDF5 file"),
    ([0x7F] + Array("ELF".utf8), "a program"),
    (Array("PAR1".utf8), "a Parquet file"),
    (Array("version https://git-lfs".utf8), "a Git LFS pointer in place of the file"),
    (Array("<?xml".utf8), "an XML document"),
    ([0x80, 0x02], "a Python pickle"),
    ([0x80, 0x04], "a Python pickle"),
  ]

  /// Whether zstd data begins so: with a frame, or with a skippable one, as pzstd writes it.
  static func isZstd(_ bytes: [UInt8]) -> Bool {
    let isSkippable =
      bytes.count >= 4 && bytes[0] & 0xF0 == 0x50 && bytes[1...3].elementsEqual([0x2A, 0x4D, 0x18])
    return bytes.starts(with: zstd) || isSkippable
  }

  /// What the bytes look like: `gzip data`, `an HTML page`, `text that begins "…"`.
  static func describe(_ bytes: [UInt8]) -> String {
    if bytes.isEmpty { return "no bytes at all" }
    if let match = known.first(where: { bytes.starts(with: $0.prefix) }) { return match.name }
    let text = String(decoding: bytes.prefix(32), as: UTF8.self)
    let start = text.drop { $0.isWhitespace }.lowercased()
    if ["<!doc", "<html", "<head", "<body"].contains(where: start.hasPrefix) {
      return "an HTML page"
    }
    if bytes.prefix(32).allSatisfy({ (0x20..<0x7F).contains($0) || (0x09...0x0D).contains($0) }) {
      return "text that begins \"\(text)\""
    }
    return "the bytes " + bytes.prefix(8).map { [$0].hexadecimal }.joined(separator: " ")
  }

  /// What to do about such a file in place of an array; nil where nothing is known.
  static func advice(_ bytes: [UInt8]) -> String? {
    let what = describe(bytes)
    if what == "an HTML page" || what.hasPrefix("a Git LFS") {
      return "the download did not give the file itself; fetch it again"
    }
    if what.hasPrefix("a ZIP") || what.hasPrefix("bzip2") || what.hasPrefix("xz") {
      return "unpack it first"
    }
    if what == "gzip data" || what == "zstd data" { return "it seems to be compressed twice" }
    return nil
  }
}
