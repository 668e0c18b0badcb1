import Foundation

/// Paths in job files.
enum JobPath {
  /// `path` as an absolute path, if it is relative to `folder`; `~/` is the home folder.
  ///
  /// Leading `..` go up from the folder's real place, so that a folder reached through a symbolic
  /// link leads to where `cd folder; cd ..` on the disk does. The rest of `path` stays as it is.
  static func resolve(_ path: String, from folder: String) -> String {
    let path = HomeFolder.expanding(path)
    if path.hasPrefix("/") { return path }
    var base = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    var rest = path[...]
    while let first = rest.split(separator: "/", maxSplits: 1).first, first == "." || first == ".."
    {
      if first == ".." { base = URL(fileURLWithPath: base).deletingLastPathComponent().path }
      rest = rest.drop { $0 == "/" }.dropFirst(first.count).drop { $0 == "/" }
    }
    if rest.isEmpty { return base }
    return base.hasSuffix("/") ? base + rest : base + "/" + rest
  }
}
