import SkeinFiles
import SkeinRandom
import Testing

@testable import SkeinSafetensors

/// Damaged and hostile files: every one gets an answer, none ends the process.
@Suite struct SafetensorsFaultTests {
  private func error(_ bytes: [UInt8]) -> FormatError? {
    do {
      _ = try Safetensors.decode(bytes, file: "c.safetensors")
      return nil
    } catch { return error }
  }

  /// One tensor of `payload` bytes with the given fields.
  private func tensor(
    dtype: String = #""U8""#, shape: String = "[4]", offsets: String = "[0,4]", payload: Int = 4
  ) -> [UInt8] {
    SafetensorsFiles.bytes(
      #"{"t":{"dtype":\#(dtype),"shape":\#(shape),"data_offsets":\#(offsets)}}"#,
      payload: [UInt8](repeating: 0, count: payload))
  }

  @Test func lengths() {
    let rest = [UInt8](repeating: 0x20, count: 100)
    let lengths: [UInt64] = [
      1 << 63, (1 << 63) - 1, .max, .max - 7, 1 << 32, 1 << 31, 100_000_001, 101, 1 << 62,
    ]
    for length in lengths {
      let bytes = withUnsafeBytes(of: length.littleEndian) { Array($0) } + rest
      let found = error(bytes)
      #expect(found?.what == "header's length, byte 0", "\(length)")
      #expect(found?.found == "\(length)")
    }
    for count in 0..<8 {
      #expect(error([UInt8](repeating: 0, count: count))?.found == "a file of \(count) bytes")
    }
    let huge = [UInt8](repeating: 0x20, count: Safetensors.maximumHeader + 1)
    #expect(error(SafetensorsFiles.bytes(huge))?.what == "header's length, byte 0")
  }

  @Test func headersThatAreNone() {
    let table = [
      "", " ", "x", "[]", "null", "\"\"", "1", " {}", "\u{FEFF}{}", "{", "{}x", "{},", "{}{}",
      "{}\n",
      "{\"", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":{", "{\"a\":1}", "{\"a\":null}", "{\"a\":[]}",
      "{\"a\":{}}", "{a:{}}", "{'a':{}}", "{\"\\x\":{}}", "{\"\\u12\":{}}", "{\"\\ud800\":{}}",
      "{\"\\ud800\\u0041\":{}}", "{\"\\udc00\":{}}", "{\"\n\":{}}", "{,}", "{\"__metadata__\":1}",
      "{\"__metadata__\":{\"a\":1}}", "{\"__metadata__\":{\"a\":{\"b\":\"c\"}}}",
      "{\"__metadata__\":{\"a\":\"b\",}}", "{\"__metadata__\":{},}", "<html>", "PK\u{3}\u{4}",
    ]
    for header in table {
      let found = error(SafetensorsFiles.bytes(header))
      #expect(found != nil, "\(header)")
      #expect(found?.file == "c.safetensors" && found?.what.isEmpty == false)
    }
    let latin: [UInt8] = Array("{\"__metadata__\":{\"a\":\"".utf8) + [0xE9] + Array("\"}}".utf8)
    #expect(error(SafetensorsFiles.bytes(latin))?.expected == "a string in UTF-8")
  }

  @Test func deepNesting() {
    for piece in [
      "{\"a\":", "[", "{\"__metadata__\":{\"a\":", "{\"a\":{\"shape\":[", "\\", "\"a\\",
    ] {
      let header = String(repeating: piece, count: 1_000_000 / piece.utf8.count)
      #expect(error(SafetensorsFiles.bytes(header)) != nil, "\(piece)")
      #expect(error(SafetensorsFiles.bytes("{\"a\":{\"dtype\":" + header)) != nil, "\(piece)")
      #expect(error(SafetensorsFiles.bytes("{\"a\":{\"shape\":" + header)) != nil, "\(piece)")
    }
  }

  @Test func tensorFields() {
    #expect(error(tensor()) == nil)
    let table: [(bytes: [UInt8], part: String)] = [
      (tensor(dtype: "\"F16\""), "F16"), (tensor(dtype: "\"BF16\""), "BF16"),
      (tensor(dtype: "\"F64\""), "F64"), (tensor(dtype: "\"f32\""), "f32"),
      (tensor(dtype: "4"), "'\"'"), (tensor(dtype: "\"\""), "''"),
      (tensor(shape: "[5]"), "5 bytes"), (tensor(shape: "[]"), "1 bytes"),
      (tensor(shape: "[4,0]"), "0 bytes"), (tensor(shape: "[-4]"), "whole number"),
      (tensor(shape: "[4.0]"), "'.'"), (tensor(shape: "[4e0]"), "'e'"),
      (tensor(shape: "[04]"), "whole number"), (tensor(shape: "[+4]"), "whole number"),
      (tensor(shape: "[\"4\"]"), "whole number"), (tensor(shape: "4"), "'['"),
      (tensor(shape: "[4,]"), "whole number"), (tensor(shape: "[[4]]"), "whole number"),
      (tensor(shape: "[9223372036854775808]"), "whole number"),
      (tensor(shape: "[99999999999999999999999]"), "whole number"),
      (tensor(shape: "[4294967296,4294967296]"), "2^63"),
      (tensor(shape: "[9223372036854775807,2]"), "2^63"),
      (tensor(shape: "[2305843009213693952,8,0]"), "2^63"),
      (tensor(dtype: "\"I64\"", shape: "[2305843009213693952]"), "2^63"),
      (tensor(offsets: "[0]"), "[begin, end]"), (tensor(offsets: "[]"), "[begin, end]"),
      (tensor(offsets: "[0,4,8]"), "[begin, end]"), (tensor(offsets: "[4,0]"), "[begin, end]"),
      (tensor(offsets: "[-4,0]"), "whole number"), (tensor(offsets: "[1,5]"), "from 0 to"),
      (tensor(offsets: "[9223372036854775803,9223372036854775807]"), "from 0 to"),
      (tensor(shape: "[8]", offsets: "[0,8]"), "cut off"),
      (tensor(payload: 3), "cut off"), (tensor(payload: 5), "found 5"), (tensor(payload: 0), "cut"),
      (SafetensorsFiles.bytes("{}", payload: [0]), "0 bytes of tensors, found 1"),
    ]
    for (bytes, part) in table {
      let found = error(bytes).map { "\($0)" } ?? "nothing wrong"
      #expect(found.contains(part), "\(part): \(found)")
    }
  }

  @Test func namesAndOffsetsOfSeveral() {
    func entry(_ name: String, _ begin: Int, _ end: Int) -> String {
      #""\#(name)":{"dtype":"U8","shape":[\#(end - begin)],"data_offsets":[\#(begin),\#(end)]}"#
    }
    func file(_ entries: String..., payload: Int = 8) -> [UInt8] {
      SafetensorsFiles.bytes(
        "{" + entries.joined(separator: ",") + "}", payload: [UInt8](repeating: 1, count: payload))
    }
    #expect(error(file(entry("a", 0, 4), entry("b", 4, 8))) == nil)
    #expect(error(file(entry("a", 0, 0), entry("b", 0, 8), entry("c", 8, 8))) == nil)
    let table: [(bytes: [UInt8], part: String)] = [
      (file(entry("a", 0, 4), entry("a", 4, 8)), "'a' again"),
      (file(entry("a", 0, 4), entry("\\u0061", 4, 8)), "'a' again"),
      (file(entry("a", 0, 4), entry("b", 3, 8)), "without gap or overlap, found 3 to 8"),
      (file(entry("a", 0, 4), entry("b", 5, 8)), "without gap or overlap, found 5 to 8"),
      (file(entry("a", 0, 8), entry("b", 0, 8)), "overlap"),
      (file(entry("a", 0, 8), entry("b", 2, 4)), "overlap"),
      (file(entry("a", 0, 8), entry("b", 4, 4)), "overlap"),
      (file(entry("a", 1, 8)), "from 0 to"),
      (file(#""a":{"dtype":"U8","dtype":"U8","shape":[8],"data_offsets":[0,8]}"#), "'dtype' again"),
      (file(#""a":{"shape":[8],"data_offsets":[0,8]}"#), "found data_offsets, shape"),
      (file(#""a":{"dtype":"U8","shape":[8],"data_offsets":[0,8],"x":1}"#), "'x'"),
      (file("\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}"), "'a' again"),
      (file("\"__metadata__\":{}", "\"__metadata__\":{}"), "'__metadata__' again"),
    ]
    for (bytes, part) in table {
      let found = error(bytes).map { "\($0)" } ?? "nothing wrong"
      #expect(found.contains(part), "\(part): \(found)")
    }
  }

  @Test func numbersThatAreNotFinite() {
    for bad in [Float.nan, .infinity, -.infinity, .signalingNaN] {
      let file = Safetensors(
        tensors: [.init(name: "layers.0.weight", shape: [3], values: .float32([1, 2, bad]))])
      let found = error(file.encode())
      #expect(found?.what == "tensor 'layers.0.weight', value 2", "\(bad)")
    }
  }

  @Test func textsOfTheFileAreMadePrintable() {
    let name = "\\u001b[31m\\u202e" + String(repeating: "n", count: 5000)
    let found = "\(error(SafetensorsFiles.bytes("{\"\(name)\":{}}")).map { "\($0)" } ?? "")"
    #expect(found.contains("\\u{1B}[31m\\u{202E}n"))
    #expect(found.utf8.count < 3000)
  }

  @Test func everyPrefix() {
    for file in [SafetensorsFiles.kinds, SafetensorsFiles.small] {
      let bytes = file.encode()
      for count in 0..<bytes.count {
        #expect(error(Array(bytes[..<count])) != nil, "\(count) of \(bytes.count) bytes")
      }
      #expect(error(bytes + [0]) != nil)
    }
  }

  @Test func everyFlippedBit() {
    let file = SafetensorsFiles.small
    let bytes = file.encode()
    var passed = 0
    for bit in 0..<bytes.count * 8 {
      var mutant = bytes
      mutant[bit / 8] ^= 1 << (bit % 8)
      if let decoded = try? Safetensors.decode(mutant, file: "x") {
        #expect(decoded != file, "bit \(bit)")
        passed += 1
      }
    }
    #expect(passed > 0 && passed < bytes.count * 8)
  }

  @Test(arguments: [1, 2, 3, 4])
  func mutants(seed: UInt64) {
    var generator = MersenneTwister(seed: seed)
    func below(_ count: Int) -> Int { Int(generator.next32()) % count }
    let originals = [SafetensorsFiles.kinds.encode(), SafetensorsFiles.small.encode()]
    let pieces = [
      "{", "}", "[", "]", ",", ":", "\"", "\\", "0", "9223372036854775807", "-1", "1e9", "null",
      "F16", "\\ud800", "__metadata__", "\"shape\":[", "[0,0]",
    ].map { Array($0.utf8) }
    for index in 0..<5000 {
      var bytes = originals[below(originals.count)]
      for _ in 0...below(4) {
        let place = below(bytes.count)
        switch below(5) {
        case 0: bytes[place] = UInt8(below(256))
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + below(9) + 1))
        case 2: bytes.insert(contentsOf: pieces[below(pieces.count)], at: place)
        case 3:
          bytes.insert(
            contentsOf: bytes[place..<min(bytes.count, place + below(40))], at: below(bytes.count))
        default: bytes[place] ^= 1 << below(8)
        }
        if bytes.isEmpty { bytes = [0] }
      }
      guard let decoded = try? Safetensors.decode(bytes, file: "x") else { continue }
      // What decodes is sound: it encodes and decodes to the same.
      #expect((try? Safetensors.decode(decoded.encode(), file: "x")) == decoded, "\(seed) \(index)")
    }
  }
}
