import Foundation
import Testing

@testable import SkeinData
@testable import SkeinFiles

@Suite struct ManifestTests {
  private func faults(_ json: String) throws -> [DataFault]? {
    let scratch = try Scratch()
    try HandMade().write(to: scratch.path)
    try scratch.write(Array(json.utf8), to: "dataset.json")
    return try SkeinDataTests.faults { _ = try DatasetFolder(opening: scratch.path) }
  }

  /// The text of a sound manifest.
  private func sound() throws -> String {
    let scratch = try Scratch()
    try HandMade().write(to: scratch.path)
    return String(decoding: try scratch.bytes("dataset.json"), as: UTF8.self)
  }

  @Test func eachWrongValueIsNamed() throws {
    let text = try sound()
    #expect(try faults(text) == nil)
    let table = [
      ("\"format\" : 1", "\"format\" : 3", "format"),
      ("\"format\" : 1", "\"format\" : \"1\"", "format"),
      ("\"format\" : 1", "\"format\" : null", "format"),
      ("\"format\" : 1,", "", nil),
      ("\"uint8\"", "\"float16\"", "sample.type"),
      ("\"count\" : 4", "\"count\" : -4", "splits.train[0].count"),
      ("\"count\" : 4", "\"count\" : 0", "splits.train[0].count"),
      ("\"count\" : 4", "\"count\" : 4294967296", "splits.train[0].count"),
      ("\"count\" : 4", "\"count\" : 9223372036854775807", "splits.train[0].count"),
      ("\"count\" : 4", "\"count\" : 1e400", nil),
      ("\"count\" : 4", "\"count\" : 4.5", nil),
      ("\"count\" : 4", "\"count\" : 5", "splits.train[0].images.rawBytes"),
      ("\"rawBytes\" : 40", "\"rawBytes\" : -40", "splits.train[0].images.rawBytes"),
      ("\"rawBytes\" : 12", "\"rawBytes\" : 13", "splits.train[0].labels.rawBytes"),
      ("\"name\" : \"test\"", "\"name\" : 7", "name"),
      ("\"b\"", "\"a\"", "classes"),
      ("    3,\n", "    0,\n", "sample.shape"),
      ("    3,\n", "    -3,\n", "sample.shape"),
      ("    3,\n", "    9223372036854775807,\n", "sample.shape"),
    ]
    for (old, new, place) in table {
      let changed = text.replacingOccurrences(of: old, with: new)
      #expect(changed != text, "\(old) is not in the manifest")
      let found = try faults(changed)
      #expect(found != nil, "\(new)")
      if let place { #expect(found?.first?.place == place, "\(new): \(found as Any)") }
    }
    let hash = try #require(text.firstRange(of: "\"sha256\" : \""))
    var short = text
    short.remove(at: hash.upperBound)
    #expect(try faults(short)?.first?.place == "splits.train[0].images.sha256")
    let empty =
      "{\"format\":1,\"name\":\"\",\"classes\":[],\"sample\":{\"shape\":[],"
      + "\"type\":\"uint8\"},\"splits\":{}}"
    #expect(try faults(empty)?.map(\.place) == ["classes", "sample.shape", "splits"])
  }

  /// In words of people, not of Swift.
  @Test func kindsOfValuesHaveNames() throws {
    let text = try sound()
    for (old, new, expected, found) in [
      ("\"name\" : \"test\"", "\"name\" : 7", "a text", "a number"),
      ("\"format\" : 1", "\"format\" : \"1\"", "a whole number", "a text"),
      ("\"format\" : 1", "\"format\" : []", "a whole number", "a list"),
      ("\"format\" : 1", "\"format\" : {}", "a whole number", "an object"),
      ("\"format\" : 1", "\"format\" : true", "a whole number", "true or false"),
      ("\"splits\" : {", "\"splits\" : 5, \"rest\" : {", "an object", "a number"),
      ("\"splits\" : {", "\"splits\" : \"x\", \"rest\" : {", "an object", "a text"),
    ] {
      let fault = try #require(try faults(text.replacingOccurrences(of: old, with: new))?.first)
      #expect(fault.expected == expected && fault.found == found, "\(new): \(fault)")
    }
  }

  @Test func bytesThatAreNoManifestAreRefused() throws {
    for text in [
      "", "{", "[]", "null", "7", "{}", "<html>", "\u{0}", "{\"format\":1",
      String(repeating: "[", count: 1_000_000),
      String(repeating: "{\"splits\":", count: 200_000),
      "{\"format\":1,\"x\":" + String(repeating: "[", count: 100_000),
    ] {
      #expect(try faults(text)?.count == 1, "\(text.prefix(20))")
    }
    let huge = String(repeating: " ", count: (16 << 20) + 1)
    #expect(try faults(huge)?.first?.found == "16777217 bytes")
  }

  @Test func everyPrefixAndEveryFlippedByteIsRefusedOrSound() throws {
    let text = Array(try sound().utf8)
    let scratch = try Scratch()
    try HandMade().write(to: scratch.path)
    for length in 0..<(text.count - 2) {
      try scratch.write(Array(text[..<length]), to: "dataset.json")
      let found = try SkeinDataTests.faults { _ = try DatasetFolder(opening: scratch.path) }
      #expect(found != nil, "\(length) bytes")
    }
    for index in text.indices {
      var changed = text
      changed[index] ^= 1 << (index % 8)
      try scratch.write(changed, to: "dataset.json")
      _ = try SkeinDataTests.faults {
        _ = try DatasetFolder(opening: scratch.path).load("train", threads: 1)
      }
    }
  }

  @Test func aPromiseBeyondMemoryIsRefused() throws {
    var wrong = HandMade()
    // 2³¹ − 1 rows of 2³¹ bytes could be counted, but no such files are there.
    wrong.edit = {
      $0.sample.shape = [1 << 31]
      $0.splits["train"]?[0].count = Int(Int32.max)
      $0.splits["train"]?[0].images.rawBytes = 12 + Int(Int32.max) << 31
      $0.splits["train"]?[0].images.bytes = Int.max >> 15
      $0.splits["train"]?[0].labels?.rawBytes = 8 + Int(Int32.max)
      $0.splits["train"]?[0].labels?.bytes = 1 << 20
    }
    #expect(try wrong.faults() != nil)
    #expect(throws: DataError.self) {
      _ = try SampleStorage(type: .uint8, byteCount: 1 << 60, name: "x")
    }
  }

  @Test func aMissingSplitNamesTheOthers() throws {
    let scratch = try Scratch()
    try HandMade().write(to: scratch.path)
    let folder = try DatasetFolder(opening: scratch.path)
    let found = try SkeinDataTests.faults { _ = try folder.load("test", threads: 1) }
    #expect(found?.first?.found == "\"train\"")
  }

  @Test func identityChangesWithContentAndNothingElse() throws {
    let scratch = try Scratch()
    func identity(_ edit: @escaping (inout Manifest) -> Void) throws -> String {
      var set = HandMade()
      set.edit = edit
      try set.write(to: scratch.path)
      return try DatasetFolder(opening: scratch.path).identity
    }
    let first = try identity { _ in }
    #expect(first.count == 64)
    #expect(try identity { $0.provenance = "elsewhere" } == first)
    let others = [
      try identity { $0.name = "tes" }, try identity { $0.classes = ["a", "b", "d"] },
      try identity { $0.classes = ["a", "b,c"] }, try identity { $0.sample.shape = [2, 3] },
      try identity { $0.splits["more"] = $0.splits["train"] },
      try identity {
        $0.splits["train"]?[0].images.sha256 = String(repeating: "0", count: 64)
      },
    ]
    #expect(Set(others + [first]).count == others.count + 1)
  }

  @Test func namesCannotReachTheTerminal() throws {
    for payload in ["\u{1B}[31mred", "a\rb", "\u{202E}abc", "x\u{0}y", "\u{9B}2J", "a\u{2028}b"] {
      var wrong = HandMade()
      wrong.edit = { $0.splits["train"]?[0].images.file = payload }
      let faults = try #require(try wrong.faults())
      let text = DataError(faults).description
      #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" }, "\(payload)")
      #expect(text.contains("\\u{"), "\(text)")
    }
    #expect("a\u{1B}[0mb\n".printable() == "a\\u{1B}[0mb\\u{A}")
    #expect("Größe 数字 ✓".printable() == "Größe 数字 ✓")
    #expect("abcdef".printable(limit: 3) == "abc…")
  }
}
