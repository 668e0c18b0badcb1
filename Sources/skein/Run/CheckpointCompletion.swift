import SkeinFiles
import SkeinRun

/// The words that a shell offers for `--checkpoint`.
enum CheckpointCompletion {
  /// "best" and "last", and the checkpoint files of each run in `words`, the words of a command
  /// line.
  static func candidates(_ words: [String]) -> [String] {
    let folders = words.map { RunFolder(path: $0) }.filter(\.holdsRun)
    let files = folders.flatMap { folder in
      ((try? FolderListing.names(in: folder.checkpoints)) ?? [])
        .filter { $0.hasSuffix(".safetensors") }.sorted().map { folder.checkpoints + "/" + $0 }
    }
    return ["best", "last"] + files
  }
}
