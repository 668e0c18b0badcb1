import ArgumentParser
import Foundation
import SkeinFiles

/// The kind of file that a command writes. Its name must have the right ending: no program opens an
/// `x.png` that contains SVG.
enum FileKind {
  case picture, page, json

  private var name: String {
    switch self {
    case .picture: "pictures are SVG"
    case .page: "the page is HTML"
    case .json: "the figures are JSON"
    }
  }

  private var endings: [String] {
    switch self {
    case .picture: ["svg"]
    case .page: ["html", "htm"]
    case .json: ["json"]
    }
  }

  /// Checks the ending of `path`. A path without an ending is accepted, since it may be
  /// /dev/stdout.
  ///
  /// - Throws: `ValidationError`, which says how to name the file.
  func check(_ path: String, option: String) throws {
    guard !path.isEmpty else {
      throw ValidationError("\(option): expected a file's name, found nothing")
    }
    let url = URL(fileURLWithPath: path)
    let ending = url.pathExtension.lowercased()
    guard !ending.isEmpty, !endings.contains(ending) else { return }
    let stem = url.deletingPathExtension().lastPathComponent
    throw ValidationError(
      "\(option) \(path.printable(limit: 1000)): \(name); name it "
        + "\(stem.printable()).\(endings[0])")
  }
}
