import CCrypto

/// The SHA-256 (FIPS 180-4) of bytes that arrive in pieces of any size, computed by libcrypto.
///
/// OpenSSL recommends its `EVP` functions instead. These set up all of libcrypto first, once per
/// process: the names of its algorithms, its error texts, a function at exit, and the configuration
/// file, which is read even where a library context of one's own computes the digest. A program
/// that uses OpenSSL beside Skein would find these choices made, a configuration file could take
/// SHA-256 away, and the set-up took 3.6 million instructions at every start of the command line.
/// The functions here only compute, with the same bytes and speed: there is nothing to set up, no
/// memory to run short of, and nothing that a function at exit could free under another thread.
///
/// Used by one thread at a time. Memory: a few hundred bytes, whatever the number of bytes hashed.
package final class SHA256 {
  private var state = SHA256_CTX()

  /// The hash of no bytes yet.
  package init() { Self.check(SHA256_Init(&state), "begin") }

  /// Appends `bytes`. O(bytes).
  package func update(_ bytes: UnsafeRawBufferPointer) {
    Self.check(SHA256_Update(&state, bytes.baseAddress, bytes.count), "go on")
  }

  /// Appends `bytes`. O(bytes).
  package func update(_ bytes: ArraySlice<UInt8>) { bytes.withUnsafeBytes(update) }

  /// Appends `bytes`. O(bytes).
  package func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes(update) }

  /// The 32 bytes of the hash of all bytes so far, to which more may be appended. O(1).
  package var digest: [UInt8] {
    // Reading the hash ends the state that it is read from.
    var copy = state
    return [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      Self.check(SHA256_Final(buffer.baseAddress, &copy), "end")
      count = 32
    }
  }

  /// The digest in 64 lower-case hexadecimal digits. O(1).
  package var hexadecimal: String { digest.hexadecimal }

  /// The SHA-256 of `bytes` in 64 lower-case hexadecimal digits. O(bytes).
  package static func hexadecimal(of bytes: [UInt8]) -> String {
    let hash = SHA256()
    hash.update(bytes)
    return hash.hexadecimal
  }

  /// libcrypto's functions return 1, and have no cause to return anything else.
  private static func check(_ result: Int32, _ action: String) {
    require(result == 1, "libcrypto could not \(action) a SHA-256")
  }
}
