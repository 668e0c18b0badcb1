import SkeinFiles

/// A minimal writer of PNG pictures: 8 bits per channel, not compressed.
///
/// Source: W3C, "Portable Network Graphics (PNG) Specification (Second Edition)", 2003. The data is
/// a zlib stream (RFC 1950) of stored blocks (RFC 1951, 3.2.4).
public enum PNG {
  /// The bytes of a PNG file. O(pixels).
  ///
  /// - Parameters:
  ///   - pixels: 1 byte (grey) or 3 bytes (red, green, blue) per pixel, row by row from the top.
  ///   - width: the pixels of a row, > 0.
  ///   - height: the number of rows, > 0.
  /// - Precondition: there are `width` · `height` or 3 · `width` · `height` bytes.
  public static func encode(_ pixels: [UInt8], width: Int, height: Int) -> [UInt8] {
    require(width > 0 && height > 0 && pixels.count % (width * height) == 0, "\(pixels.count)")
    let channels = pixels.count / (width * height)
    require(channels == 1 || channels == 3, "\(channels) bytes per pixel")
    var scanlines: [UInt8] = []
    scanlines.reserveCapacity(height * (1 + width * channels))
    for row in 0..<height {
      // Filter 0 leaves the bytes as they are.
      scanlines.append(0)
      scanlines += pixels[(row * width * channels)..<((row + 1) * width * channels)]
    }
    let header =
      bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, channels == 1 ? 0 : 2, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
      + chunk("IDAT", zlib(scanlines)) + chunk("IEND", [])
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let named = Array(type.utf8) + data
    return bigEndian(UInt32(data.count)) + named + bigEndian(CRC32.ieee.checksum(named))
  }

  private static func zlib(_ data: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    var start = 0
    repeat {
      let end = min(start + 65_535, data.count)
      let length = UInt16(end - start)
      stream.append(end == data.count ? 1 : 0)
      for half in [length, ~length] { stream += [UInt8(half & 0xFF), UInt8(half >> 8)] }
      stream += data[start..<end]
      start = end
    } while start < data.count
    return stream + bigEndian(adler32(data))
  }

  /// The Adler-32 checksum of `data`: two sums modulo the largest prime below 2¹⁶. Source: RFC
  /// 1950, 8.2.
  private static func adler32(_ data: [UInt8]) -> UInt32 {
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in data {
      a = (a + UInt32(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return b << 16 | a
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(value >> (24 - 8 * UInt32($0)) & 0xFF) }
  }
}
