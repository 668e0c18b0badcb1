import Foundation
import Testing

@testable import SkeinConfig
@testable import SkeinFiles

/// Files that are no job files, and texts that are made to cost time or memory.
@Suite(.timeLimit(.minutes(5))) struct JobFileTests {
  private func message(_ text: String) throws -> String {
    let folder = try JobFolder()
    let errors = try folder.errors(text)
    #expect(!errors.isEmpty, "\(text.prefix(40))")
    return errors.map(\.description).joined(separator: "\n")
  }

  @Test(arguments: [
    "[", "{", "[{", "{a: ", "[[],", "- ", "? ", "a: [", "-\n", "!!x ", "&a [", "\"", "'", "\\", "#",
    "a\n", "a: b\n", "a: [\"", ",", ":", "a,", "[a,", "\u{E9}", "\t", "\"\\", "%", "|\n", "a: |\n",
    "--- ",
    "--- a\n", "<<: ", "*a ", "@", "`", "? [", "]", "}", "\r", "\r\n", "a: 'b\n\n", "e: &e [*e,",
  ])
  func aMegabyteOf(piece: String) throws {
    _ = try message(String(repeating: piece, count: (1 << 20) / piece.utf8.count))
  }

  @Test func deepIndentation() throws {
    var blocks = ""
    var dashes = ""
    var depth = 0
    while blocks.utf8.count < 1_000_000 {
      blocks += String(repeating: " ", count: depth) + "a:\n"
      dashes += String(repeating: " ", count: depth) + "-\n"
      depth += 1
    }
    #expect(try message(blocks).contains("nested too deep"))
    #expect(try message(dashes).contains("nested too deep"))
    #expect(try message(String(repeating: "- ", count: 400_000)).contains("nested too deep"))
    #expect(try message(String(repeating: "[", count: 1 << 20)).contains("nested too deep"))
    #expect(try message("a: " + String(repeating: "{a: ", count: 200_000)).contains("too deep"))
  }

  @Test func aliasBomb() throws {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...20 {
      let alias = "*a\(level - 1)"
      text +=
        "a\(level): &a\(level) [\(Array(repeating: alias, count: 10).joined(separator: ", "))]\n"
    }
    #expect(try message(text).contains("1:5: anchors and aliases are off"))
  }

  @Test(arguments: [
    "a: &x 1", "a: *x", "&x a: 1", "*x : 1", "a: [&x 1]", "a: [b, *x]", "- &x a", "--- &x a",
    "---\n&x a", "a: b\n---\n&x c", "a: {b: *x}", "a: {\"b\":*x}", "[a\n,*x]", "a: #\n  *x",
    "'a': &x 1", "\"\\\"\": &x 1", "'it''s': *x", "a: - *x", "a: b\n...\n*x", "\t*x", "a:\r*x",
  ])
  func anchorsAndAliasesAreRefused(text: String) throws {
    #expect(try message(text).contains("anchors and aliases are off"))
  }

  @Test func starsAndAmpersandsWithinTextsAreFine() throws {
    let folder = try JobFolder()
    for name in ["a&b", "a *b", "R&D", "'*x'", "\"&x\"", "'a & *b'", "x # &a *b"] {
      let text = "name: \(name)\ndata: {path: d}\nmodel: {hidden: []}"
      #expect(throws: Never.self, "\(name)") { try folder.load(text) }
    }
  }

  @Test func whatJobFilesDoNotNeed() throws {
    let table = [
      ("%YAML 1.1\n---\na: 1", "directives are off"), ("a: !!int 1", "tags are off"),
      ("a: !x y", "tags are off"), ("a: |\n  b", "block texts are off"),
      ("a: >-\n  b", "block texts are off"), ("? a\n: b", "begins with '?'"),
      ("a: \"b\n  c\"", "does not end on its line"), ("a: 'b", "does not end on its line"),
      ("a: [b\n  c]", "quote it on one line"), ("a: 1\n---\nb: 2", "another document"),
      ("a: \u{1B}[31m", "control or invisible character"),
      ("a: b\u{85}c", "control or invisible character"),
      ("\u{FEFF}\u{FEFF}[--- , &x a\nb]", "control or invisible character"),
      ("a: b\u{2028}c", "control or invisible character"),
      ("a: \0", "control or invisible character"),
      ("a: [", "not YAML"), ("a: b: c", "not YAML"), ("a\nb: c", "not YAML"), ("\u{FFFE}", "YAML"),
      ("a: @b", "not YAML"), ("\"\\uD800\": 1", "not YAML"), ("\"\\q\": 1", "not YAML"),
    ]
    for (text, part) in table {
      #expect(try message(text).contains(part), "\(text)")
    }
  }

  @Test func emptyFilesTellWhatIsMissing() throws {
    for text in ["", "\n", "# nothing\n", "---\n", "~", "\u{FEFF}"] {
      let told = try message(text)
      #expect(told.contains(":1:1: data.path is missing"), "\(text)")
      #expect(told.contains("model.hidden is missing"), "\(text)")
    }
  }

  @Test func encodings() throws {
    let folder = try JobFolder()
    let text = "data: {path: d}\nmodel: {hidden: []}\n"
    #expect(throws: Never.self) { try folder.load("\u{FEFF}" + text) }
    #expect(throws: Never.self) {
      try folder.load(text.replacingOccurrences(of: "\n", with: "\r\n"))
    }
    #expect(try folder.errors("\u{FEFF}nmae: 1").first?.column == 1)
    #expect(try folder.errors("# é𝄞\r\ndata: {é𝄞: 1}").first?.column == 1)
    #expect(try folder.errors("data: {path: é𝄞, nix: 1}").last?.column == 18)
    let latin = try folder.write(Data("name: caf".utf8) + [0xE9, 0x0A])
    #expect {
      try Job.load(path: latin)
    } throws: {
      "\($0)".contains("UTF-8") && "\($0)".contains("offset 9")
    }
    let utf16 = try folder.write(try #require(text.data(using: .utf16)))
    #expect { try Job.load(path: utf16) } throws: { "\($0)".contains("UTF-8") }
  }

  @Test func whatIsNoFile() throws {
    let folder = try JobFolder()
    let pipe = folder.path + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    let secret = try folder.write("a: 1", name: "secret")
    let isRoot = geteuid() == 0
    #expect(chmod(secret, 0) == 0)
    let table = [
      (folder.path, "folder"), (pipe, "pipe"), ("/dev/zero", "device"),
      (folder.path + "/none.yaml", "No such file"), ("", "path"), ("a\0b", "path"),
      (secret + "/x", "Not a directory"), (secret, isRoot ? "missing" : "Permission"),
      (folder.path + "/" + String(repeating: "x", count: 300), "name too long"),
    ]
    for (path, part) in table {
      #expect("\(path)") { try Job.load(path: path) } throws: {
        ($0 as? JobErrors)?.errors.first?.file == path
          && "\($0)".lowercased().contains(part.lowercased())
      }
    }
  }

  @Test func sizeIsCheckedBeforeReading() throws {
    let folder = try JobFolder()
    let path = folder.path + "/huge.yaml"
    let descriptor = open(path, O_CREAT | O_WRONLY, 0o600)
    #expect(ftruncate(descriptor, 100_000_000_000) == 0 && close(descriptor) == 0)
    #expect { try Job.load(path: path) } throws: { "\($0)".contains("at most 1048576 bytes") }
    let largest = String(repeating: "#", count: JobFile.maximumBytes - 1) + "\n"
    #expect(try message(largest).contains("data.path is missing"))
    #expect(try message(largest + "\n").contains("at most 1048576 bytes"))
  }

  @Test func manyRepeatedKeys() throws {
    let pairs = (0..<40).map { "key\($0): 1\nkey\($0): 2\n" }.joined()
    #expect(try message(pairs).contains("repeated"))
    let same = String(repeating: "seed: 1\n", count: YamlParser.maximumRepeats + 1)
    #expect(
      try message(same).components(separatedBy: "set again").count - 1 == YamlParser.maximumRepeats)
    #expect(try message(String(repeating: "seed: 1\n", count: 600)).contains("repeated"))
    for key in ["'seed'", "\"seed\"", "''", "\"\\\"\"", "[a]", "1", "é", "'it''s'"] {
      #expect(try message("\(key): 1\n\(key): 2\n").contains(/repeated|again/), "\(key)")
    }
  }
}
