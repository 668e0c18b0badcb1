import Glibc
import SkeinFiles

/// An array as a user names it: a file, `-` for standard input, or `FILE:NAME` for one array of a
/// ZIP archive such as NumPy's `.npz`.
struct ArrayPath: Equatable {
  let file: String
  /// The array's name in the archive; nil where none was said.
  let array: String?

  /// A file that has the whole text as its name goes first.
  init(_ text: String) {
    if text != UserFile.standardInput, access(text, F_OK) != 0,
      let colon = text.lastIndex(of: ":"), colon != text.startIndex
    {
      let name = text[text.index(after: colon)...]
      if !name.isEmpty, access(String(text[..<colon]), F_OK) == 0 {
        (file, array) = (String(text[..<colon]), String(name))
        return
      }
    }
    (file, array) = (text, nil)
  }
}

extension ZipArchive {
  /// The file of the archive that holds the array `name`, or, without a name, its only array, or
  /// the first of the `usual` names that it holds.
  ///
  /// - Throws: `DataError` that lists the arrays where there is no such one.
  func entry(_ name: String?, usual: [String]) throws -> Entry {
    let arrays = entries.filter { $0.name.hasSuffix(".npy") }
    let candidates = arrays.isEmpty ? entries : arrays
    var found = candidates
    if let name {
      found = entries.filter { $0.name == name || $0.arrayName == name }
    } else if candidates.count > 1, let usual = usual.first(where: { holds($0) }) {
      found = candidates.filter { $0.arrayName == usual }
    }
    guard found.count == 1 else {
      let names = candidates.prefix(20).map(\.arrayName).joined(separator: ", ")
      let all = names + (candidates.count > 20 ? " and \(candidates.count - 20) more" : "")
      throw DataError(
        file.name, expected: name.map { "one array \"\($0)\" in the archive" } ?? "one array",
        found: candidates.isEmpty ? "an empty archive" : "the arrays \(all)",
        advice: candidates.first.map { "say which one, as \(file.name):\($0.arrayName)" })
    }
    return found[0]
  }

  private func holds(_ name: String) -> Bool { entries.contains { $0.arrayName == name } }
}
