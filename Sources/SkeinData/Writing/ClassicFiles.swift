import Glibc
import SkeinFiles

/// Finds the files of MNIST and its kin as their authors, torchvision and Kaggle lay them out.
struct ClassicFiles {
  /// What one file is, told from its name: `emnist-letters-train-images-idx3-ubyte.gz`.
  struct Name: Equatable {
    /// What stands in front, as `emnist-letters`; empty for MNIST.
    let set: String
    /// `train`, or `test` for `t10k` too.
    let split: String
    let isImages: Bool
    /// Which of several names of the same file goes first: the lower one.
    let rank: Int

    init?(_ text: String) {
      var stem = text[...]
      var rank = 0
      for (index, suffix) in [".gz", ".zst"].enumerated() where stem.hasSuffix(suffix) {
        stem = stem.dropLast(suffix.count)
        rank = index + 1
      }
      // [set-]split-kind-idxN-type, also with .idx in place of -idx.
      var parts = stem.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
      if parts.count >= 2, let dot = parts[parts.count - 2].firstIndex(of: ".") {
        let part = parts[parts.count - 2]
        parts.replaceSubrange(
          (parts.count - 2)..<(parts.count - 1),
          with: [String(part[..<dot]), String(part[part.index(after: dot)...])])
        rank += 3
      }
      guard parts.count >= 4, ["ubyte", "int"].contains(parts[parts.count - 1]),
        ["idx1", "idx2", "idx3"].contains(parts[parts.count - 2]),
        ["images", "labels"].contains(parts[parts.count - 3])
      else { return nil }
      switch parts[parts.count - 4] {
      case "train": split = "train"
      case "t10k": split = "test"
      case "test":
        split = "test"
        rank += 6
      default: return nil
      }
      isImages = parts[parts.count - 3] == "images"
      set = parts.dropLast(4).joined(separator: "-")
      self.rank = rank
    }
  }

  /// The files of one set, by split and kind.
  struct Set {
    /// What `--set` calls it.
    var name: String
    fileprivate var files: [String: (path: String, rank: Int)] = [:]

    func file(_ split: String, images: Bool) -> String? { files[Self.key(split, images)]?.path }

    fileprivate static func key(_ split: String, _ isImages: Bool) -> String {
      split + (isImages ? "-images" : "-labels")
    }
  }

  /// The sets in the folder `path`, by name: those right there, else those in its folder `raw`,
  /// else those in its other folders and in their folders `raw`.
  static func sets(in path: String) -> [Set] {
    let here = sets(in: path, folderName: "")
    if !here.isEmpty { return here }
    let raw = sets(in: path + "/raw", folderName: "")
    if !raw.isEmpty { return raw }
    return fileNames(in: path).flatMap { name in
      let inside = sets(in: "\(path)/\(name)", folderName: name)
      return inside.isEmpty ? sets(in: "\(path)/\(name)/raw", folderName: name) : inside
    }
  }

  /// - Parameter folderName: what a set is called whose files say no name.
  private static func sets(in path: String, folderName: String) -> [Set] {
    var sets: [String: Set] = [:]
    for file in fileNames(in: path) {
      guard let name = Name(file) else { continue }
      var found = "\(path)/\(file)"
      var rank = name.rank
      if fileKind(found) == S_IFDIR {
        // Kaggle's archive has a folder of the file's name around the file.
        let inner = fileNames(in: found).filter {
          let other = Name($0)
          return other?.split == name.split && other?.isImages == name.isImages
            && fileKind("\(found)/\($0)") == S_IFREG
        }
        guard let first = inner.first else { continue }
        found += "/\(first)"
        rank += 12
      }
      guard fileKind(found) == S_IFREG else { continue }
      let key = Set.key(name.split, name.isImages)
      var set = sets[name.set] ?? Set(name: name.set.isEmpty ? folderName : name.set)
      if rank < set.files[key]?.rank ?? .max { set.files[key] = (found, rank) }
      sets[name.set] = set
    }
    return sets.values.sorted { $0.name < $1.name }
  }

  /// The set that the user chose with `name`, its full name or its last part, as `letters` of
  /// `emnist-letters`; without a name the only one, or the one whose files have no name in front.
  ///
  /// - Throws: `DataError` that lists the sets; `path` is the folder to blame.
  static func choose(_ name: String?, of sets: [Set], path: String) throws -> Set {
    var found = sets
    if let name {
      found = sets.filter { $0.name.lowercased() == name.lowercased() }
      if found.isEmpty {
        found = sets.filter { $0.name.lowercased().hasSuffix("-" + name.lowercased()) }
      }
    } else if let plain = sets.first(where: \.name.isEmpty) {
      found = [plain]
    }
    guard found.count == 1 else {
      let names = sets.map { $0.name.isEmpty ? "one without a name" : $0.name }
      throw DataError(
        path, expected: name.map { "files of one set \"\($0)\"" } ?? "files of one set",
        found: "those of " + names.joined(separator: ", "), advice: "choose one with --set NAME")
    }
    return found[0]
  }
}

/// The names in the folder `path`, sorted; none where it is no folder that can be read.
private func fileNames(in path: String) -> [String] { (try? FolderListing.names(in: path)) ?? [] }
