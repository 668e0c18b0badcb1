import Foundation
import SkeinFiles

/// Paths in job files.
enum JobPath {
  /// `path` as an absolute path, if it is relative to `folder`; `~/` is the home folder.
  ///
  /// Leading `..` go up from the folder's real place, so that a folder reached through a symbolic
  /// link leads to where `cd folder; cd ..` on the disk does. The rest of `path` stays as it is.
  static func resolve(_ path: String, from folder: String) -> String {
    let path = HomeFolder.expanding(path)
    if isAbsolute(path) { return path }
    var base = realPath(folder) ?? folder
    var rest = path[...]
    while let first = rest.split(separator: "/", maxSplits: 1).first, first == "." || first == ".."
    {
      if first == ".." { base = URL(fileURLWithPath: base).deletingLastPathComponent().path }
      rest = rest.drop { $0 == "/" }.dropFirst(first.count).drop { $0 == "/" }
    }
    if rest.isEmpty { return base }
    return base.hasSuffix("/") ? base + rest : base + "/" + rest
  }

  /// A slash and an accent behind it are one character, so bytes are asked.
  private static func isAbsolute(_ path: String) -> Bool { path.utf8.first == UInt8(ascii: "/") }

  /// The folder that the file at `path` is in, where `path` is relative to `current`.
  static func folder(of path: String, in current: String) -> String {
    let whole = isAbsolute(path) ? path : current + "/" + path
    return URL(fileURLWithPath: whole).deletingLastPathComponent().path
  }
}
