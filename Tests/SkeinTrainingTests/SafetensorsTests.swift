import Testing

@testable import SkeinFiles
@testable import SkeinSafetensors

@Suite struct SafetensorsTests {
  @Test func readsAFileOfTheSafetensorsLibrary() throws {
    let bytes = try SafetensorsFiles.golden("safetensors_kinds.safetensors")
    let decoded = try Safetensors.decode(bytes, file: "golden")
    let expected = SafetensorsFiles.kinds
    #expect(decoded.metadata == expected.metadata)
    #expect(decoded.tensors.count == expected.tensors.count)
    for tensor in expected.tensors { #expect(decoded[tensor.name] == tensor, "\(tensor.name)") }
    #expect(decoded["none"] == nil)
  }

  @Test func roundTripsAndIsTheSameEveryTime() throws {
    for file in [SafetensorsFiles.kinds, SafetensorsFiles.small, Safetensors()] {
      let bytes = file.encode()
      #expect(try Safetensors.decode(bytes, file: "x") == file)
      #expect(bytes == file.encode())
      let length = bytes[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
      #expect((8 + length) % 64 == 0, "the tensors begin at a multiple of 64")
      #expect(bytes[8] == UInt8(ascii: "{"))
    }
    var many = Safetensors()
    for index in 0..<40 { many.metadata["key\(index)"] = "\(index)" }
    let same = Safetensors(
      metadata: Dictionary(uniqueKeysWithValues: many.metadata.shuffled().map { ($0, $1) }))
    #expect(many.encode() == same.encode())
  }

  @Test func floatsKeepTheirBits() throws {
    let values: [Float] = [
      0, -0.0, 1, .leastNonzeroMagnitude, -.greatestFiniteMagnitude, .pi, 0.1, 1e-38,
    ]
    let file = Safetensors(tensors: [.init(name: "v", shape: [8], values: .float32(values))])
    let decoded = try Safetensors.decode(file.encode(), file: "x")
    guard case .float32(let read) = decoded.tensors[0].values else {
      Issue.record("not floats")
      return
    }
    #expect(read.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test func theHeaderIsTheFormats() throws {
    let text = String(
      decoding: SafetensorsFiles.small.encode().dropFirst(8).prefix(120), as: UTF8.self)
    #expect(
      text == #"{"__metadata__":{"k":"v"},"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"#
        + #""n":{"dtype":"I64","shape":[1],"data_o"#)
  }

  @Test func tensorsComeInTheOrderOfTheirBytes() throws {
    let header =
      #" {"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},"#
      + #""a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#
    let bytes = SafetensorsFiles.bytes(String(header.dropFirst()), payload: [3, 4])
    let decoded = try Safetensors.decode(bytes, file: "x")
    #expect(decoded.tensors.map(\.name) == ["a", "b"])
    #expect(decoded["b"]?.values == .uint8([4]))
  }

  @Test func whiteSpaceAndEscapes() throws {
    let header =
      "{ \"\\u0061\\n\\ud83d\\udc26\\/\" :\t{ \"shape\" : [ 1 ,1 ] , \"data_offsets\":[0 , 1],\r\n"
      + " \"dtype\" :\"U8\"} }   "
    let decoded = try Safetensors.decode(SafetensorsFiles.bytes(header, payload: [9]), file: "x")
    #expect(decoded.tensors == [.init(name: "a\n🐦/", shape: [1, 1], values: .uint8([9]))])
  }
}
