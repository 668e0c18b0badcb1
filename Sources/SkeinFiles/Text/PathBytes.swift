import Glibc

/// Names of files as text, without loss.
///
/// The system's names are bytes, and mostly UTF-8. A `String` mends what is not UTF-8, so such a
/// name would quietly become that of another file. Here a byte that is no part of UTF-8 stands as
/// the private-use character U+10FE00 + byte, and is that byte again when the system is asked. A
/// name that really holds such a character is taken apart in the same way, so that every name
/// comes back as it was. The calls in `Files/SystemCalls.swift` do it for all.
public enum PathBytes {
  private static let base: UInt32 = 0x10_FE00
  private static let strange: ClosedRange<UInt32> = 0x10_FE80...0x10_FEFF

  /// The text that stands for `bytes`. O(length).
  public static func text(_ bytes: some Collection<UInt8>) -> String {
    if let text = String(validating: bytes, as: UTF8.self), !isStrange(text) { return text }
    var text = String.UnicodeScalarView()
    var rest = bytes[...]
    while let first = rest.first {
      // A character of UTF-8 has at most 4 bytes.
      let scalar = (1...4).lazy.compactMap { length in
        String(validating: rest.prefix(length), as: UTF8.self)?.unicodeScalars.first
      }.first
      if let scalar, !strange.contains(scalar.value) {
        text.append(scalar)
        rest = rest.dropFirst(UTF8.width(scalar))
      } else if let scalar = Unicode.Scalar(base + UInt32(first)) {
        text.append(scalar)
        rest = rest.dropFirst()
      }
    }
    return String(text)
  }

  /// The text that stands for a name in C.
  public static func text(_ name: UnsafePointer<CChar>) -> String {
    text(UnsafeBufferPointer(start: name, count: strlen(name)).map { UInt8(bitPattern: $0) })
  }

  /// The bytes that `text` stands for. O(length).
  public static func bytes(_ text: String) -> [UInt8] {
    guard isStrange(text) else { return Array(text.utf8) }
    return text.unicodeScalars.flatMap { scalar in
      byte(scalar).map { [$0] } ?? Array(String(scalar).utf8)
    }
  }

  /// The byte that `scalar` stands for; nil for a character that is meant as itself.
  public static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
    strange.contains(scalar.value) ? UInt8(scalar.value - base) : nil
  }

  /// What stands between the slashes of `path`, nothing included. By its bytes: a slash and an
  /// accent that follows it are one `Character`.
  package static func components(_ path: String) -> [String] {
    path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .map { String(Substring($0)) }
  }

  /// The process's folder; nil where it is gone.
  public static var currentFolder: String? {
    guard let folder = getcwd(nil, 0) else { return nil }
    defer { free(folder) }
    return text(folder)
  }

  /// Calls `body` with the bytes of `path`, as C wants them.
  package static func withName<Result>(
    _ path: String, _ body: (UnsafePointer<CChar>) -> Result
  ) -> Result {
    guard isStrange(path) else { return path.withCString(body) }
    return (bytes(path) + [0]).map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { name in
      name.baseAddress.map(body) ?? path.withCString(body)
    }
  }

  private static func isStrange(_ text: String) -> Bool {
    // The first byte of all characters above U+100000, which hardly any name has.
    text.utf8.contains(0xF4) && text.unicodeScalars.contains { strange.contains($0.value) }
  }
}
