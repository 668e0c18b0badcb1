@testable import SkeinData

/// Tables in files, and what becomes of them.
struct TableBench {
  let scratch: Scratch
  /// The file of the table to train on.
  let file: String

  init(_ text: String, name: String = "t.csv") throws {
    scratch = try Scratch()
    file = try scratch.write(Array(text.utf8), to: name)
  }

  /// Makes a dataset of the table, and returns what it was understood as.
  @discardableResult
  func make(_ options: TableOptions, _ writing: DatasetWriter.Options = .init()) throws
    -> TableReport
  {
    var report: TableReport?
    try TableImport.create(
      scratch.file("out"), from: file, options, writing: writing, existing: .replace,
      told: { report = $0 })
    return try report ?? { throw CancellationError() }()
  }

  /// The dataset that was made.
  var dataset: DatasetFolder { get throws { try DatasetFolder(opening: scratch.file("out")) } }

  func split(_ name: String = "train") throws -> Split { try dataset.load(name, threads: 1) }

  /// All samples of a split.
  func samples(_ name: String = "train") throws -> [[Float]] {
    let split = try split(name)
    return (0..<split.count).map { split.stored($0) }
  }
}

extension TableOptions {
  /// All rows to train on.
  static func all(_ target: String, regression: Bool = false) -> TableOptions {
    var options = TableOptions(target: target, isRegression: regression)
    options.testShare = 0
    return options
  }

  func with(_ change: (inout TableOptions) -> Void) -> TableOptions {
    var options = self
    change(&options)
    return options
  }
}
