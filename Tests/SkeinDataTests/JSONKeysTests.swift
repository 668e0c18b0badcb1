import Foundation
import Testing

@testable import SkeinData
@testable import SkeinFiles

/// Keys that an object has twice, of which parsers keep one in silence.
@Suite struct JSONKeysTests {
  private func found(_ text: String) -> [String] {
    JSONKeys.repeated(in: Array(text.utf8)).map { "\($0.path)|\($0.key)|\($0.line):\($0.column)" }
  }

  @Test func everyRepeatedKeyIsFound() {
    let table: [(String, [String])] = [
      (#"{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}"#, []),
      (#"{"a":1,"a":1}"#, ["|a|1:8"]),
      (#"{"a":{"b":1,"c":2,"b":3}}"#, ["a|b|1:19"]),
      (#"{"s":[{},{"x":[[{"k":0,"k":0}]]}]}"#, ["s[1].x[0][0]|k|1:24"]),
      ("{\"a\":1,\n  \"b\":2,\n  \"a\":3,\n  \"a\":4}", ["|a|3:3", "|a|4:3"]),
      // Other spellings of the same key.
      (#"{"a":1,"\u0061":1}"#, ["|a|1:8"]), (#"{"\u0061":1,"a":1}"#, ["|a|1:13"]),
      (#"{"/":1,"\/":1}"#, ["|/|1:8"]), (#"{"é":1,"\u00e9":1}"#, ["|é|1:9"]),
      (#"{"\ud83d\ude00":1,"😀":1}"#, ["|😀|1:19"]),
      // Quotes, brackets and commas inside of texts; values that look like keys.
      (#"{"a":"a","b":"{\"a\":1,\"a\":1}","c\"":1,"c":["c","c"]}"#, []),
      (#"{"a,":1,"a:":1,"a{":1,"a]":1,"a\\":1,"a\\\"":1}"#, []),
      (#"{"a\\":1,"a\\":2}"#, [#"|a\|1:10"#]),
      (#"["a","a",{"a":"a"}]"#, []), (#"{"A":1,"a":1," a":1}"#, []), ("{}", []), ("7", []),
    ]
    for (text, expected) in table {
      #expect(found(text) == expected, "\(text)")
      #expect(throws: Never.self, "\(text)") {
        try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
      }
    }
    let many = "{" + (0..<5000).map { "\"k\":\($0)" }.joined(separator: ",") + "}"
    #expect(found(many).count == 100, "more say nothing new")
  }

  @Test func numbersThatAreNoIntAreFound() throws {
    let text = #"{"a":[1,-7,0.5,{"b":1e300}],"c":9223372036854775808,"d":"1.5","e":-0,"f":1E2}"#
    let found = JSONKeys.numbersBesideInt(in: Array(text.utf8)).map { "\($0.path)=\($0.text)" }
    #expect(found == ["a[2]=0.5", "a[3].b=1e300", "c=9223372036854775808", "f=1E2"])
    // A manifest names the place, whatever Foundation says of such a number.
    let scratch = try Scratch()
    try HandMade().write(to: scratch.path)
    let sound = String(decoding: try scratch.bytes("dataset.json"), as: UTF8.self)
    for (old, place) in [
      ("\"format\" : ", "format"), ("\"count\" : ", "splits.train[0].count"),
      ("\"rawBytes\" : ", "splits.train[0].images.rawBytes"),
    ] {
      for number in ["0.5", "1e300", "9223372036854775808", "1e400"] {
        let range = try #require(sound.firstRange(of: try Regex(old + "[0-9]+")))
        // What a manifest does not know is passed over, fractions too.
        let changed = sound.replacingCharacters(in: range, with: old + number)
          .replacing("{", with: "{\"extra\": 0.5,", maxReplacements: 1)
        try scratch.write(Array(changed.utf8), to: "dataset.json")
        let faults = try faults { _ = try DatasetFolder(opening: scratch.path) }
        #expect(faults?.count == 1 && faults?.first?.found.contains(number) == true, "\(number)")
        #expect(faults?.first?.place == place, "\(faults as Any)")
      }
    }
  }

  /// In a manifest's every object, in either spelling.
  @Test func aManifestHasEachKeyOnce() throws {
    let scratch = try Scratch()
    try HandMade().write(to: scratch.path)
    let text = String(decoding: try scratch.bytes("dataset.json"), as: UTF8.self)
    for (key, twice, path) in [
      ("\"format\"", "\"format\" : 1, \"format\"", "the outermost object"),
      ("\"type\"", "\"\\u0074ype\" : \"uint8\", \"type\"", "sample"),
      ("\"train\"", "\"train\" : [], \"train\"", "splits"),
      ("\"count\"", "\"count\" : 4, \"count\"", "splits.train[0]"),
      ("\"bytes\"", "\"bytes\" : 1, \"bytes\"", "splits.train[0].images"),
      ("\"name\"", "\"other\" : {\"a\": 1, \"a\": 2}, \"name\"", "other"),
    ] {
      let range = try #require(text.range(of: key))
      try scratch.write(
        Array(text.replacingCharacters(in: range, with: twice).utf8), to: "dataset.json")
      let faults = try faults { _ = try DatasetFolder(opening: scratch.path) }
      #expect(faults?.count == 1, "\(twice)")
      #expect(faults?.first?.found.hasSuffix("again in \(path)") == true, "\(faults as Any)")
      #expect(faults?.first?.place?.hasPrefix("line ") == true)
    }
  }
}
