import Foundation

/// Expands `~` in paths that no shell has expanded.
public enum HomeFolder {
  /// `path` with the home folder in place of a leading `~` or `~/`.
  ///
  /// The variable HOME names the home folder. The path stays as it is where HOME is not set. A
  /// folder that is itself named `~` is written `./~`.
  public static func expanding(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"),
      let home = ProcessInfo.processInfo.environment["HOME"], home.hasPrefix("/")
    else { return path }
    return home + path.dropFirst()
  }
}
