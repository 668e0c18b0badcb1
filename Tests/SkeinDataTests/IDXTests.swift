import Testing

@testable import SkeinData

@Suite struct IDXTests {
  /// Made by Python, and looked at with xxd:
  /// `struct.pack('>BBBBII6h', 0, 0, 0x0B, 2, 2, 3, 1, -2, 300, -32768, 32767, 0)`
  static let golden: [UInt8] = [
    0x00, 0x00, 0x0B, 0x02, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x03,
    0x00, 0x01, 0xFF, 0xFE, 0x01, 0x2C, 0x80, 0x00, 0x7F, 0xFF, 0x00, 0x00,
  ]

  @Test func bytesAreThoseOfPythonsStruct() throws {
    let numbers: [Int16] = [1, -2, 300, -32768, 32767, 0]
    #expect(IDX.encode(numbers, shape: [2, 3]) == Self.golden)
    let array = try IDX.decode(Self.golden, name: "golden")
    #expect(array.elements(as: Int16.self) == numbers)
    #expect(array.shape == [2, 3])
    // struct.pack('>BBBBIdd', 0, 0, 0x0E, 1, 2, 1.5, -0.1)
    let doubles: [UInt8] = [
      0, 0, 0x0E, 1, 0, 0, 0, 2, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0, 0xBF, 0xB9, 0x99, 0x99, 0x99, 0x99,
      0x99, 0x9A,
    ]
    #expect(IDX.encode([1.5, -0.1], shape: [2]) == doubles)
  }

  @Test func everyTypeRankAndSizeComesBack() throws {
    for shape in [
      [], [1], [7], [2, 3], [3, 1, 2], [1, 2, 3, 4], [Int](repeating: 1, count: 255),
    ] {
      let count = shape.reduce(1, *)
      let bits = (0..<count).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }
      try roundTrip(bits.map { UInt8(truncatingIfNeeded: $0) }, shape)
      try roundTrip(bits.map { Int8(truncatingIfNeeded: $0) }, shape)
      try roundTrip(bits.map { Int16(truncatingIfNeeded: $0 >> 3) }, shape)
      try roundTrip(bits.map { Int32(truncatingIfNeeded: $0 >> 5) }, shape)
      try roundTrip(bits.map { Float($0) / 3 }, shape)
      try roundTrip(bits.map { -Double($0) / 7 }, shape)
    }
  }

  private func roundTrip<Element: SampleElement>(_ elements: [Element], _ shape: [Int]) throws {
    let bytes = IDX.encode(elements, shape: shape)
    let array = try IDX.decode(bytes, name: "test")
    #expect(array.elements() == elements, "\(Element.self) \(shape)")
    #expect(array.shape == shape && array.type == Element.elementType)
    let more = try faults { _ = try IDX.decode(bytes + [0], name: "test") }
    #expect(more != nil, "\(Element.self) \(shape) and a byte")
    for length in 0..<min(bytes.count, 60) {
      let cut = try faults { _ = try IDX.decode(Array(bytes[..<length]), name: "test") }
      #expect(cut != nil, "\(Element.self) \(shape) cut to \(length) bytes")
    }
  }

  @Test func dimensionsAreNeverTrusted() throws {
    let sizes: [UInt32] = [0, 1, 1 << 16, (1 << 31) - 1, 1 << 31, .max]
    for type in ElementType.allCases {
      for first in sizes {
        for second in sizes {
          for third in sizes {
            var bytes: [UInt8] = [0, 0, type.idxCode, 3]
            for size in [first, second, third] {
              withUnsafeBytes(of: size.bigEndian) { bytes += Array($0) }
            }
            bytes += [UInt8](repeating: 0, count: type.size)
            let found = try faults { _ = try IDX.decode(bytes, name: "test") }
            let isSound = first == 1 && second == 1 && third == 1
            #expect((found == nil) == isSound, "\(type) \(first) \(second) \(third)")
          }
        }
      }
    }
  }

  @Test func errorsSayWhatIsThere() throws {
    let wrongType = try faults { _ = try IDX.decode([0, 0, 0x0A, 1, 0, 0, 0, 1, 0], name: "f") }
    #expect(wrongType?.first?.place == "byte 2" && wrongType?.first?.found == "0a")
    let zero = try faults { _ = try IDX.decode([0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 0], name: "f") }
    #expect(zero?.first?.place == "byte 8" && zero?.first?.found == "0")
  }
}
