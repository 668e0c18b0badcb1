import Testing

@testable import SkeinData

/// What NumPy writes beside plain arrays in C order.
@Suite struct NumPyTests {
  private func numbers(
    _ descr: String, _ payload: [UInt8], shape: String, order: String = "False"
  ) throws -> [Double] {
    let header = "{'descr': '\(descr)', 'fortran_order': \(order), 'shape': \(shape)}"
    let scratch = try Scratch()
    let reader = try ArrayReader(
      path: scratch.write(ArrayReaderTests.numPy(header, payload), to: "a.npy"))
    var found: [Double] = []
    try reader.forEachPiece { _, piece in
      for offset in stride(from: 0, to: piece.count, by: reader.type.size) {
        switch reader.type {
        case .uint8: found.append(Double(piece[offset]))
        case .int16:
          found.append(Double(piece.loadUnaligned(fromByteOffset: offset, as: Int16.self)))
        case .int32:
          found.append(Double(piece.loadUnaligned(fromByteOffset: offset, as: Int32.self)))
        case .float32:
          found.append(Double(piece.loadUnaligned(fromByteOffset: offset, as: Float.self)))
        default: Issue.record("elements of type \(reader.type)")
        }
      }
    }
    return found
  }

  @Test func longNumbersOfPython2AreRead() throws {
    let bytes: [UInt8] = [1, 2, 3, 4, 5, 6]
    for shape in ["(3L, 2L)", "(3L, 2)", "(3, 2L,)", "(6L,)"] {
      #expect(try numbers("|u1", bytes, shape: shape) == [1, 2, 3, 4, 5, 6], "\(shape)")
    }
  }

  /// Every one of the 65,536 bit patterns, against the definition of binary16.
  @Test func float16IsExact() throws {
    for bits in UInt16.min...UInt16.max {
      let exponent = Int(bits >> 10 & 0x1F)
      let fraction = Double(bits & 0x3FF) / 1024
      var expected = exponent == 0 ? fraction * 0x1p-14 : 1 + fraction
      for _ in 0..<max(0, exponent - 15) { expected *= 2 }
      for _ in 0..<max(0, exponent == 0 ? 0 : 15 - exponent) { expected /= 2 }
      if exponent == 31 { expected = fraction == 0 ? .infinity : .nan }
      if bits >> 15 == 1 { expected.negate() }
      let found = Double(Float(half: bits))
      #expect(found.isNaN ? expected.isNaN : found == expected && found.sign == expected.sign)
    }
    #expect(
      try numbers("<f2", [0, 0x3C, 0, 0xC0, 1, 0], shape: "(3,)") == [1, -2, 0x1p-24])
    #expect(try numbers(">f2", [0x3C, 0, 0xC0, 0], shape: "(2,)") == [1, -2])
  }

  @Test func integersThatFitAreRead() throws {
    #expect(try numbers("<u2", [255, 255, 1, 0], shape: "(2,)") == [65535, 1])
    #expect(try numbers(">u4", [0x7F, 255, 255, 255], shape: "(1,)") == [2_147_483_647])
    let large: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 128]
    for (descr, payload, found) in [
      ("<u4", [0, 0, 0, 128], "2147483648"), ("<u8", large, "9223372036854775808"),
      ("<i8", large, "-9223372036854775808"),
    ] as [(String, [UInt8], String)] {
      let fault = try faults { _ = try numbers(descr, payload, shape: "(1,)") }
      #expect(fault?.first?.found == found && fault?.first?.place == "element 0")
    }
  }

  /// Against a three-line definition: element (i, j, k) stands at i + n·(j + m·k).
  @Test func fortranOrderIsTurned() throws {
    for (n, m, l) in [(1, 1, 1), (2, 3, 4), (5, 1, 3), (1, 7, 1), (40, 30, 41)] {
      let count = n * m * l
      let values = (0..<count).map { Int16(truncatingIfNeeded: $0 * 7 - 300) }
      let payload = values.flatMap { value in withUnsafeBytes(of: value.littleEndian) { Array($0) }
      }
      var expected: [Double] = []
      for i in 0..<n {
        for j in 0..<m {
          for k in 0..<l { expected.append(Double(values[i + n * (j + m * k)])) }
        }
      }
      let found = try numbers("<i2", payload, shape: "(\(n), \(m), \(l))", order: "True")
      #expect(found == expected, "\(n) × \(m) × \(l)")
      if count > 1 {
        let short = try faults {
          _ = try numbers(
            "<i2", payload.dropLast(), shape: "(\(n), \(m), \(l))", order: "True")
        }
        #expect(short != nil)
      }
    }
  }
}
