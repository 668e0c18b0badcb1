import SkeinFiles
import SkeinRun

/// What a shell offers behind `--checkpoint`.
enum CheckpointCompletion {
  /// The two names, and the checkpoints of the run that `words`, a command line, names.
  static func candidates(_ words: [String]) -> [String] {
    let folders = words.map { RunFolder(path: $0) }.filter(\.holdsRun)
    let files = folders.flatMap { folder in
      ((try? FolderListing.names(in: folder.checkpoints)) ?? [])
        .filter { $0.hasSuffix(".safetensors") }.sorted().map { folder.checkpoints + "/" + $0 }
    }
    return ["best", "last"] + files
  }
}
