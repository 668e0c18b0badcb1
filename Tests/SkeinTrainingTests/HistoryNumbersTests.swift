import Foundation
import Testing

@testable import SkeinFiles
@testable import SkeinRecord
@testable import SkeinRun
@testable import SkeinSafetensors

/// History files with a good seal and numbers that no run has: refused, or read, and never a trap.
@Suite struct HistoryNumbersTests {
  private static let whole: [Int64] = [
    0, -1, 1, 3, 1 << 31, 1 << 53, .max, .min, (1 << 32) - 1, 1 << 62,
  ]
  private static let texts =
    whole.map(String.init) + [
      "1e308", "-1e308", "1e999", "nan", "inf", "-inf", "0x10", "", "9223372036854775808",
    ]
  private static let floats: [Float] = [
    0, -1, .greatestFiniteMagnitude, -1e38, .leastNonzeroMagnitude,
  ]

  /// `stored` with each number in turn replaced by each of the numbers above: those of its
  /// metadata, the first and the last of each tensor, and each dimension.
  private func mutants(_ stored: Safetensors) -> [(change: String, file: Safetensors)] {
    var found: [(String, Safetensors)] = []
    for (key, value) in stored.metadata where Double(value) != nil {
      for text in Self.texts {
        var mutant = stored
        mutant.metadata[key] = text
        found.append(("\(key): \(text)", mutant))
      }
    }
    for (index, tensor) in stored.tensors.enumerated() where tensor.values.count > 0 {
      for at in Set([0, tensor.values.count - 1]) {
        for values in mutants(tensor.values, at) {
          var mutant = stored
          mutant.tensors[index].values = values
          found.append(("\(tensor.name)[\(at)]", mutant))
        }
      }
      // Other shapes of as many values; what a header cannot hold is for SafetensorsFaultTests.
      for shape in [[tensor.values.count], [1, tensor.values.count], [tensor.values.count, 1]] {
        var mutant = stored
        mutant.tensors[index].shape = shape
        found.append(("\(tensor.name): \(shape)", mutant))
      }
    }
    return found
  }

  private func mutants(_ values: Safetensors.Values, _ at: Int) -> [Safetensors.Values] {
    switch values {
    case .int64(let values):
      Self.whole.map { number in
        var values = values
        values[at] = number
        return .int64(values)
      }
    case .float32(let values):
      Self.floats.map { number in
        var values = values
        values[at] = number
        return .float32(values)
      }
    case .uint8(let values):
      [UInt8(0), 62, 63, 255].map { number in
        var values = values
        values[at] = number
        return .uint8(values)
      }
    }
  }

  @Test func anyNumberInAnEpochIsReadOrRefused() throws {
    let golden = try SafetensorsFiles.golden("first_edition_history_epoch.safetensors")
    let old = try Safetensors.decode(golden, file: "f")
    let record = try EpochRecord(decoding: golden, file: "f")
    let new = try Safetensors.decode(record.encode(), file: "f")
    var counts = (read: 0, refused: 0)
    for (change, file) in mutants(old) + mutants(new) {
      let bytes = file.metadata[Safetensors.sealKey] == nil ? file.encode() : file.encodeSealed()
      do {
        let record = try EpochRecord(decoding: bytes, file: "f")
        counts.read += 1
        #expect((0..<(1 << 53)).contains(record.epoch) && (0..<(1 << 53)).contains(record.step))
        let numbers =
          record.confusion.classes.flatMap { [$0.samples, $0.taken, $0.correct] }
          + record.confusion.pairs.map(\.count) + record.mistakes.map(\.row)
          + record.layers.flatMap { ($0.weightHistogram?.counts ?? [-1]) + [$0.deadUnits ?? 0] }
        #expect(numbers.allSatisfy { (0..<(1 << 40)).contains($0) }, "\(change)")
        #expect(record.layers.allSatisfy { $0.gradientNorm?.isFinite == true }, "\(change)")
      } catch is FormatError {
        counts.refused += 1
      }
    }
    #expect(counts.read > 50 && counts.refused > 500, "\(counts)")
  }

  @Test func anyNumberInARunsFactsIsReadOrRefused() throws {
    let golden = try SafetensorsFiles.golden("first_edition_history_run.safetensors")
    let old = try Safetensors.decode(golden, file: "f")
    var files = mutants(old)
    let facts = try #require(old.metadata["facts"])
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(facts.utf8)) as? [String: Any])
    for (key, value) in object where value is NSNumber {
      for text in Self.texts where !text.isEmpty {
        let number = "\"\(key)\":" + "\(value)"
        var mutant = old
        #expect(facts.contains(number), "\(number)")
        mutant.metadata["facts"] = facts.replacing(number, with: "\"\(key)\":\(text)")
        files.append(("\(key): \(text)", mutant))
      }
    }
    let most = "9223372036854775807"
    for shape in [
      "[\(most),\(most),3]", "[\(most)]", "[-10]", "[0]", "[]", "[10,0]", "[4294967296,4294967296]",
      "[10,1,1,1,1]", "[5,2]", "[1e308]", "[3.5]",
    ] {
      var mutant = old
      mutant.metadata["facts"] = facts.replacing(
        "\"sampleShape\":[10]", with: "\"sampleShape\":\(shape)")
      files.append(("shape \(shape)", mutant))
    }
    var counts = (read: 0, refused: 0)
    for (change, file) in files {
      do {
        let run = try RunRecord(decoding: file.encode(), file: "f")
        counts.read += 1
        #expect(run.facts.sampleShape.reduce(1, *) == 10, "\(change)")
        #expect(run.facts.scale > 0 && run.facts.scale.isFinite, "\(change)")
        #expect(run.probed.allSatisfy(run.samples.rows.indices.contains), "\(change)")
      } catch is FormatError {
        counts.refused += 1
      }
    }
    #expect(counts.read > 20 && counts.refused > 100, "\(counts)")
  }

  /// No samples at all: a shape may then say anything, and nothing fits it.
  @Test func aRunWithoutSamplesIsRefused() throws {
    let golden = try SafetensorsFiles.golden("first_edition_history_run.safetensors")
    var stored = try Safetensors.decode(golden, file: "f")
    for index in stored.tensors.indices {
      stored.tensors[index].shape = [0]
      stored.tensors[index].values =
        stored.tensors[index].name == "samples" ? .uint8([]) : .int64([])
    }
    stored.metadata["facts"] = stored.metadata["facts"]?
      .replacing("\"sampleShape\":[10]", with: "\"sampleShape\":[4611686018427387904]")
      .replacing(/"probeSamples":\d+/, with: "\"probeSamples\":0")
    #expect(throws: FormatError.self) {
      try RunRecord(decoding: stored.encode(), file: "f")
    }
  }
}
