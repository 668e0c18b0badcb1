import Foundation

/// `~` in paths that no shell has seen.
public enum HomeFolder {
  /// `path` with a leading `~` or `~/` as the home folder of the variable HOME; as it is where that
  /// is not set. A folder of the name `~` is written `./~`.
  public static func expanding(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"),
      let home = ProcessInfo.processInfo.environment["HOME"], home.hasPrefix("/")
    else { return path }
    return home + path.dropFirst()
  }
}
