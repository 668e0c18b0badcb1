import SkeinFiles

extension String {
  /// This text as one word of a shell command. A command in a message can then be copied.
  var shellWord: String {
    let isPlain =
      !isEmpty
      && unicodeScalars.allSatisfy { scalar in
        scalar.properties.isAlphabetic || "0123456789/._-+=:,@%".unicodeScalars.contains(scalar)
      }
    let word = hasPrefix("-") ? "./" + self : self
    if isPlain { return word }
    guard word.printable(limit: .max) == word else {
      // A message cannot show this text as it is. A shell's $'…' can express any byte.
      return "$'" + PathBytes.bytes(word).map(Self.escaped).joined() + "'"
    }
    let quoted = word.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''")
    return "'\(quoted)'"
  }

  /// A byte inside a shell's `$'…'`.
  private static func escaped(_ byte: UInt8) -> String {
    let isPlain =
      (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "'") && byte != UInt8(ascii: "\\")
    return isPlain
      ? String(UnicodeScalar(byte)) : "\\x" + [byte].hexadecimal.uppercased()
  }
}
