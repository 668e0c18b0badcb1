import Foundation
import SkeinFiles

/// Makes the paths in job files absolute.
enum JobPath {
  /// `path` as an absolute path. A relative `path` starts from `folder`, and `~/` is the home
  /// folder.
  ///
  /// A leading `..` goes up from the real path of `folder`. For a folder behind a symbolic link,
  /// the result is then where `cd folder; cd -P ..` leads. The rest of `path` stays as it is.
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

  /// The first byte decides. As characters, a slash and an accent behind it would be one.
  private static func isAbsolute(_ path: String) -> Bool { path.utf8.first == UInt8(ascii: "/") }

  /// The folder of the file at `path`. A relative `path` starts from `current`.
  static func folder(of path: String, in current: String) -> String {
    let whole = isAbsolute(path) ? path : current + "/" + path
    return URL(fileURLWithPath: whole).deletingLastPathComponent().path
  }
}
