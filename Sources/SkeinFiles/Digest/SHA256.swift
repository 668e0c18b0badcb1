import CCrypto

/// The SHA-256 (FIPS 180-4) of bytes that arrive in pieces of any size, computed by libcrypto.
///
/// Used by one thread at a time. Memory: a few hundred bytes, whatever the number of bytes hashed.
package final class SHA256 {
  private let context: OpaquePointer

  /// libcrypto, set up once before its first use. Without its configuration file, which could take
  /// SHA-256 away, and without its function at exit, which frees what other threads still use.
  private static let isSetUp: Bool =
    OPENSSL_init_crypto(
      UInt64(OPENSSL_INIT_NO_LOAD_CONFIG) | UInt64(OPENSSL_INIT_NO_ATEXIT), nil) == 1

  /// The hash of no bytes yet.
  package init() {
    require(Self.isSetUp, "libcrypto could not be set up")
    context = Self.newContext()
    Self.check(EVP_DigestInit_ex(context, EVP_sha256(), nil), "begin")
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Appends `bytes`. O(bytes).
  package func update(_ bytes: UnsafeRawBufferPointer) {
    Self.check(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count), "go on")
  }

  /// Appends `bytes`. O(bytes).
  package func update(_ bytes: ArraySlice<UInt8>) { bytes.withUnsafeBytes(update) }

  /// Appends `bytes`. O(bytes).
  package func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes(update) }

  /// The 32 bytes of the hash of all bytes so far, to which more may be appended. O(1).
  package var digest: [UInt8] {
    // Reading the hash ends the context that it is read from.
    let copy = Self.newContext()
    defer { EVP_MD_CTX_free(copy) }
    Self.check(EVP_MD_CTX_copy_ex(copy, context), "copy")
    var written: UInt32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      Self.check(EVP_DigestFinal_ex(copy, buffer.baseAddress, &written), "end")
      count = Int(written)
    }
    require(written == 32, "a SHA-256 of \(written) bytes")
    return bytes
  }

  /// The digest in 64 lower-case hexadecimal digits. O(1).
  package var hexadecimal: String { digest.hexadecimal }

  /// The SHA-256 of `bytes` in 64 lower-case hexadecimal digits. O(bytes).
  package static func hexadecimal(of bytes: [UInt8]) -> String {
    let hash = SHA256()
    hash.update(bytes)
    return hash.hexadecimal
  }

  private static func newContext() -> OpaquePointer {
    guard let context = EVP_MD_CTX_new() else { misuse("libcrypto has no memory for a SHA-256") }
    return context
  }

  /// libcrypto's functions return 1, or fail for want of memory or of the algorithm: a broken
  /// installation, which no caller can mend.
  private static func check(_ result: Int32, _ action: String) {
    require(result == 1, "libcrypto could not \(action) a SHA-256")
  }
}
