import Testing

@testable import SkeinData

/// What is wrong with a table, where, and what to do.
@Suite struct TableFaultTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let text: String
    var options = TableOptions.all("y")
    /// What the message holds, in order.
    let words: [String]
    var testDescription: String { name }
  }

  private static let rows = "x,y\n1,a\n2,b\n"

  static let cases: [Case] = [
    Case(name: "empty", text: "", words: ["t.csv: ", "a table as text (CSV)", "an empty file"]),
    Case(name: "blank", text: "\n\n \n", words: ["t.csv: ", "found no record"]),
    Case(name: "names alone", text: "x,y\n", words: ["t.csv: ", "rows below the names", "none"]),
    Case(
      name: "few fields", text: "x,y\n1,a\n2\n",
      words: ["t.csv:3:2: ", "2 fields, as in line 1", "found 1", "--delimiter"]),
    Case(
      name: "many fields", text: "x,y\n1,a\n2,b,c\n",
      words: ["t.csv:3:5: ", "2 fields", "found 3"]),
    Case(
      name: "text among numbers", text: "x,y\n1,a\n2,b\n7 kg,b\n4,a\n5,a\n",
      words: [
        "t.csv:4:1: column \"x\": ", "a number, as in 4 other rows", "found \"7 kg\"", "--missing",
        "--categories", "--ignore",
      ]),
    Case(
      name: "text where numbers were promised", text: "x,y\nu,a\nv,b\n",
      options: .all("y").with { $0.numbers = ["x"] },
      words: ["t.csv:2:1: ", "a number", "\"u\", and 1 more texts"]),
    Case(
      name: "too large a number", text: "x,y\n1,a\n1e999,b\n3,a\n",
      words: ["t.csv:3:1: ", "found \"1e999\""]),
    Case(
      name: "squares beyond Double", text: "x,y\n1e300,a\n-1e300,b\n",
      words: ["column \"x\"", "numbers whose squares a Double holds"]),
    Case(
      name: "decimal commas among points", text: "x;y\n1.5;a\n2,5;b\n3.5;b\n",
      words: ["t.csv:3:1: column \"x\"", "found \"2,5\""]),
    Case(
      name: "no such column", text: "x,Y\n1,a\n",
      words: ["t.csv: ", "a column \"y\", for --target", "\"x\", \"Y\"", "did you mean \"Y\"?"]),
    Case(
      name: "all that is unknown", text: rows,
      options: .all("z").with {
        $0.ignored = ["p"]
        $0.numbers = ["q"]
        $0.categories = ["r"]
      }, words: ["4 faults", "--target", "--ignore", "--numbers", "--categories"]),
    Case(
      name: "a column of two kinds", text: rows,
      options: .all("y").with { ($0.numbers, $0.categories) = (["x"], ["x"]) },
      words: ["both --numbers and --categories"]),
    Case(
      name: "an ignored target", text: rows, options: .all("y").with { $0.ignored = ["y"] },
      words: ["a target that is not ignored"]),
    Case(
      name: "names twice", text: "x,y,x\n1,a,2\n",
      words: ["t.csv:1:5: ", "column names that differ", "\"x\" again, the name of column 1"]),
    Case(
      name: "an open quote", text: "x,y\n1,a\n2,\"b\n3,c\n",
      words: ["t.csv:3:3: ", "a quote that is closed again"]),
    Case(name: "NUL", text: "x,y\n1,a\n2,\u{0}\n", words: ["t.csv:3:3: ", "NUL", "UTF-16"]),
    Case(
      name: "no targets", text: "x,y\n1,\n2,NA\n",
      words: ["column \"y\": ", "expected targets", "2 rows, none of which has one"]),
    Case(
      name: "one class", text: "x,y\n1,a\n2,a\n",
      words: ["column \"y\": ", "two classes", "\"a\""]),
    Case(
      name: "constant values", text: "x,y\n1,5\n2,5\n", options: .all("y", regression: true),
      words: ["column \"y\": ", "values that differ, for --regression", "5.0 in all rows"]),
    Case(
      name: "text as a value", text: "x,y\n1,5\n2,u\n", options: .all("y", regression: true),
      words: ["t.csv:3:3: column \"y\": ", "a number, for --regression", "\"u\""]),
    Case(
      name: "quantities as classes",
      text: "x,y\n" + (0..<90).map { "\($0 % 7),\($0).5\n" }.joined(),
      words: ["column \"y\": ", "several rows of each", "90 different numbers", "--regression"]),
    Case(
      name: "nothing to learn from", text: "x,y\n1,a\n1,b\n",
      words: ["t.csv: ", "a column beside the target that tells rows apart"]),
    Case(
      name: "names in a column",
      text: "x,y\n" + (0..<90).map { "name \($0),\($0 % 2)\n" }.joined(),
      words: [
        "t.csv:2:1: column \"x\": ", "at most 45 different texts", "found 90", "--ignore 'x'",
      ]),
    Case(
      name: "too many levels",
      text: "x,y\n" + (0..<2500).map { "n\($0 / 2),\($0 % 2)\n" }.joined(),
      words: ["column \"x\": ", "at most 1000 different texts", "--categories 'x'"]),
    Case(
      name: "one row to train on", text: "x,y\n5,a\n2,b\n",
      options: TableOptions(target: "y").with { $0.testShare = 0.999 },
      words: ["t.csv: ", "a column beside the target that tells rows apart"]),
    Case(
      name: "none held out", text: "x,y\n5,a\n2,b\n",
      options: TableOptions(target: "y").with { $0.testShare = 0.001 },
      words: ["t.csv: ", "rows for the split test", "none held out of 2 rows", "--test 0"]),
    Case(name: "a page", text: "<!DOCTYPE html><html>", words: ["t.csv: ", "an HTML page"]),
    Case(
      name: "UTF-16", text: "", words: []),
  ]

  @Test(arguments: cases.dropLast())
  func faultsAreTold(fault: Case) throws {
    let bench = try TableBench(fault.text)
    let error = #expect(throws: DataError.self) { try bench.make(fault.options) }
    let text = error.map { "\($0)" } ?? ""
    var rest = text[...]
    for word in fault.words {
      let range = rest.firstRange(of: word)
      #expect(range != nil, "no '\(word)' in: \(text)")
      rest = range.map { rest[$0.upperBound...] } ?? rest
    }
    #expect(!bench.scratch.names.contains("out"), "\(bench.scratch.names)")
  }

  @Test func otherEncodingsAreTold() throws {
    let scratch = try Scratch()
    let wide = Array("x,y\n1,a\n".utf16).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let cases: [([UInt8], String)] = [
      ([0xFF, 0xFE] + wide, "UTF-16"), (wide, "NUL"),
      (Array("x,\u{FC}\n".unicodeScalars.map { UInt8($0.value) }) + Array("1,a\n".utf8), ":1:3: "),
      (Array("x,y\n1,".utf8) + [0xE9, 0x0A] + Array("2,b\n".utf8), ":2:3: "),
      ([0x50, 0x4B, 3, 4, 1, 2, 3], "save a spreadsheet as CSV"),
      (Array("PAR1abcdef".utf8), "a Parquet file"),
    ]
    for (bytes, words) in cases {
      let file = try scratch.write(bytes, to: "t.csv")
      let error = #expect(throws: DataError.self) {
        try TableImport.create(scratch.file("out"), from: file, .all("y"))
      }
      #expect("\(error.map { "\($0)" } ?? "")".contains(words), "\(String(describing: error))")
    }
    // A column's name may begin as a picture does.
    let file = try scratch.write(Array("BMI,y\n1,a\n2,b\n".utf8), to: "t.csv")
    try TableImport.create(scratch.file("out"), from: file, .all("y"))
  }

  /// What a test file may have wrong.
  @Test(arguments: [
    ("x\n1\n", "a column \"y\", as in"), ("y\na\n", "a column \"x\""),
    ("x,y\n1,c\n", "2.csv:2:3: target: expected a class that the table to train on has"),
    ("x,y\nu,a\n", "2.csv:2:1: column \"x\": expected a number"),
    ("x,y\n1e300,a\n", "2.csv:2:1: column \"x\": expected a number like those"),
    ("x,y\n1,\n", "none with a target"), ("x,y\n", "none with a target"),
  ])
  func testFilesAreChecked(text: String, words: String) throws {
    let bench = try TableBench(Self.rows)
    let test = try bench.scratch.write(Array(text.utf8), to: "2.csv")
    let error = #expect(throws: DataError.self) {
      try bench.make(TableOptions(target: "y").with { $0.testFile = test })
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains(words), "\(String(describing: error))")
    #expect(!bench.scratch.names.contains("out"))
  }

  /// A manifest's features are checked before any of them is used.
  @Test func featuresOfAManifestAreChecked() throws {
    let bench = try TableBench(Self.rows)
    try bench.make(.all("y"))
    let sound = try bench.dataset.manifest
    let changes: [(String, (inout Manifest) -> Void)] = [
      ("format 2", { $0.format = 1 }),
      ("features", { $0.features = [] }),
      ("features[0].name", { $0.features?[0].name = "" }),
      ("features[0].kind", { $0.features?[0].levels = ["u"] }),
      ("features[0].deviation", { $0.features?[0].deviation = -1 }),
      ("features[0].levels", { $0.features?[0] = .category("x", levels: ["u", "u"]) }),
      ("features[0].levels", { $0.features?[0] = .category("x", levels: []) }),
      ("1 elements, as sample.shape says", { $0.features?[0].missing = true }),
      ("names that differ", { $0.features?.append(.number("x", mean: 0, deviation: 1)) }),
      ("table.columns", { $0.table?.columns = 0 }),
      ("table", { $0.features = nil }),
    ]
    #expect(ManifestCheck.faults(of: sound, file: "m").isEmpty)
    for (words, change) in changes {
      var manifest = sound
      change(&manifest)
      let faults = ManifestCheck.faults(of: manifest, file: "m")
      #expect(faults.contains { "\($0)".contains(words) }, "\(words): \(faults)")
    }
  }
}
