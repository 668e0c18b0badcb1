extension String {
  /// This text as one word of a shell command, so that a command in a message can be copied.
  var shellWord: String {
    let isPlain =
      !isEmpty
      && unicodeScalars.allSatisfy { scalar in
        scalar.properties.isAlphabetic || "0123456789/._-+=:,@%".unicodeScalars.contains(scalar)
      }
    let word = hasPrefix("-") ? "./" + self : self
    if isPlain { return word }
    let quoted = word.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''")
    return "'\(quoted.printable(limit: 4096))'"
  }
}
