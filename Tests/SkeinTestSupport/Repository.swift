import Foundation

/// Where the sources, datasets and golden numbers of this package lie.
package enum Repository {
  package static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The folder of golden numbers, beside the scripts that made them.
  package static let goldens = root.appendingPathComponent("Tests/Goldens")
  package static let datasets = root.appendingPathComponent("Datasets")
}
