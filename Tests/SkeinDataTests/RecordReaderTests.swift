import SkeinFiles
import Testing

@testable import SkeinData

/// Bytes that come a few at a time, as from a pipe.
private final class Drops: ByteSource {
  let name = "drops.csv"
  private let content: [UInt8]
  private(set) var offset = 0

  init(_ text: String) { content = Array(text.utf8) }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, content.count - offset, 3)
    buffer.copyBytes(from: content[offset..<(offset + count)])
    offset += count
    return count
  }
}

@Suite struct RecordReaderTests {
  /// All records of `text`, read in blocks of so many bytes.
  static func records(
    _ text: String, delimiter: Character = ",", block: Int = RecordReader.block
  ) throws -> [[String]] {
    try lines(Array(text.utf8), delimiter: delimiter, block: block).map(\.fields)
  }

  /// All records with their lines.
  static func lines(
    _ bytes: [UInt8], delimiter: Character = ",", block: Int = RecordReader.block
  ) throws -> [(line: Int, fields: [String])] {
    let reader = RecordReader(
      MemorySource(bytes, name: "a.csv"), delimiter: delimiter.asciiValue ?? 0, block: block)
    var found: [(Int, [String])] = []
    while let record = try reader.next() {
      found.append((record.line, try (0..<record.count).map { try record.text($0) }))
    }
    return found
  }

  /// What RFC 4180 and the files that there are have.
  @Test(arguments: [
    ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
    ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
    ("a,b\r1,2", [["a", "b"], ["1", "2"]]),
    ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
    ("a\n\n  \nb\n", [["a"], ["b"]]),
    ("\"\"\n", [[""]]),
    (",\n", [["", ""]]),
    (",", [["", ""]]),
    ("\"a,b\",\"c\nd\",\"e\"\"f\"\n", [["a,b", "c\nd", "e\"f"]]),
    ("\"\"\"\"\n\"\"\"a\"\"\"", [["\""], ["\"a\""]]),
    ("  a b , c\t,  \"d \" \n", [["a b", "c", "d "]]),
    ("3.5\" disk,a\"b\n", [["3.5\" disk", "a\"b"]]),
    ("ä,\"ö€😀\"\n", [["ä", "ö€😀"]]),
    ("\"a\r\nb\",c\r\nd,e", [["a\r\nb", "c"], ["d", "e"]]),
    ("", []), ("\n\n", []),
  ])
  func recordsAreRead(text: String, expected: [[String]]) throws {
    for block in [1, 2, 3, 5, 8, 64, RecordReader.block] {
      #expect(try Self.records(text, block: block) == expected, "block \(block)")
    }
    let reader = RecordReader(Drops(text), delimiter: UInt8(ascii: ","), block: 4)
    var found: [[String]] = []
    while let record = try reader.next() {
      found.append(try (0..<record.count).map { try record.text($0) })
    }
    #expect(found == expected)
  }

  @Test func delimitersAreAnyCharacter() throws {
    #expect(try Self.records("a\tb c\t\n", delimiter: "\t") == [["a", "b c", ""]])
    #expect(try Self.records("1,5;\"2;3\"\n", delimiter: ";") == [["1,5", "2;3"]])
    #expect(try Self.records("a b\n", delimiter: " ") == [["a", "b"]])
    #expect(try Self.records("a,b|c\n", delimiter: "|") == [["a,b", "c"]])
  }

  /// Random tables, written as Python's csv module writes them, come back, whatever the blocks.
  @Test func writtenTablesComeBack() throws {
    var generator = SystemRandomNumberGenerator()
    let pieces = ["", "a", "\"", ",", "\n", "\r\n", "\r", " ", "ä", "12.5", "x\"\"y", "\t", "😀"]
    for round in 0..<400 {
      let width = Int.random(in: 2...5, using: &generator)
      let rows = (0..<Int.random(in: 1...30, using: &generator)).map { _ in
        (0..<width).map { _ in
          (0..<Int.random(in: 0...4, using: &generator)).map { _ in
            pieces.randomElement(using: &generator) ?? ""
          }.joined()
        }
      }
      let end = ["\n", "\r\n", "\r"][round % 3]
      let text = rows.map { row in
        row.map { field in
          // As csv.QUOTE_MINIMAL, and spaces at the ends too.
          let isPlain = !field.contains { "\",\n\r \t".contains($0) || $0 == "\r\n" }
          return isPlain && round % 2 == 0
            ? field : "\"" + field.replacing("\"", with: "\"\"") + "\""
        }.joined(separator: ",") + end
      }.joined()
      for block in [1, 7, 64, 1000] {
        #expect(try Self.records(text, block: block) == rows, "\(text.debugDescription), \(block)")
      }
    }
  }

  @Test func linesAreCountedWhateverEndsThem() throws {
    let text = "a,b\r\n\"x\ny\",1\n\n\"p\r\nq\rr\",2\rlast,3"
    for block in [1, 4, 1000] {
      #expect(
        try Self.lines(Array(text.utf8), block: block).map(\.line) == [1, 2, 5, 8],
        "block \(block)")
    }
  }

  /// Faults have their place: line and character from 1 on.
  @Test(arguments: [
    ("a,b\n1,\"2\n3,4\n", "a.csv:2:3", "a quote that is closed"),
    ("a\nä,\"x\"y\n", "a.csv:2:6", "behind a closing quote"),
    ("\"a\nb\" c", "a.csv:2:4", "behind a closing quote"),
    ("a,b\n1,\u{0}\n", "a.csv:2:3", "NUL"),
  ])
  func faultsHaveTheirPlace(text: String, place: String, words: String) throws {
    for block in [1, 5, 1000] {
      let found = try #require(try faults { _ = try Self.records(text, block: block) })
      #expect(found.count == 1 && found[0].file == place, "\(found), block \(block)")
      #expect(found[0].description.contains(words), "\(found)")
    }
  }

  @Test func fieldsHaveTheirPlace() throws {
    let reader = RecordReader(
      MemorySource(Array("x\n ä, \"b\nc\" ,d".utf8), name: "a.csv"), delimiter: UInt8(ascii: ","))
    _ = try reader.next()
    let record = try #require(try reader.next())
    #expect((0..<4).map { record.position(of: $0).description } == ["2:2", "2:5", "3:5", "3:6"])
  }

  /// A line of a gigabyte is refused after 16 MiB, and soon.
  @Test func longRecordsAreRefused() throws {
    final class Endless: ByteSource {
      let name = "endless.csv"
      private(set) var offset = 0
      let byte: UInt8
      init(_ byte: Character) { self.byte = byte.asciiValue ?? 0 }
      func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        buffer.initializeMemory(as: UInt8.self, repeating: byte)
        if offset == 0 { buffer[0] = UInt8(ascii: "\"") }
        offset += buffer.count
        return buffer.count
      }
    }
    let source = Endless("x")
    let reader = RecordReader(source, delimiter: UInt8(ascii: ","))
    let found = try #require(try faults { _ = try reader.next() })
    #expect(found[0].description.contains("a quote that begins at 1:1 is still open"), "\(found)")
    #expect(source.offset <= 40 << 20)
    let many = RecordReader(Endless(","), delimiter: UInt8(ascii: ","))
    // The first byte is a quote here too, so begin behind it.
    _ = try many.front()
    many.skip(1)
    let fields = try #require(try faults { _ = try many.next() })
    #expect(fields[0].description.contains("at most 131072 fields"), "\(fields)")
  }

  @Test func textIsUTF8() throws {
    let latin: [UInt8] = Array("a\n\"M".utf8) + [0xFC] + Array("ller\"\n".utf8)
    let found = try #require(try faults { _ = try Self.lines(latin) })
    #expect(found[0].file == "a.csv:2:1" && found[0].found.contains("byte fc"), "\(found)")
    #expect(found[0].description.contains("M\\xFCller"), "\(found)")
  }
}
