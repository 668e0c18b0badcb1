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
    let place = URL(fileURLWithPath: folder)
    var base = place.resolvingSymlinksInPath().path
    // A real name that is not UTF-8 comes out mended, and would mean another folder: then the
    // system goes up from there itself.
    if base.contains("\u{FFFD}"), !place.path.contains("\u{FFFD}") {
      return "\(place.path)/\(path)"
    }
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
