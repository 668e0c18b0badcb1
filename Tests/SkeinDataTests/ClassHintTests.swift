import Testing

@testable import SkeinData
@testable import SkeinFiles

/// Which labels are taken for quantities.
@Suite struct ClassHintTests {
  private static func numbered(_ count: Int) -> [String] { (0..<count).map(String.init) }

  private struct Case: CustomStringConvertible {
    let what: String
    let samplesPerClass: [Int]
    var names: [String]?
    let isHinted: Bool
    /// Whether the counts of the classes are needed for that.
    var needsCounts = false

    var description: String { what }
  }

  private static let cases = [
    Case(
      what: "diabetes: 25 to 346, few samples each, many values missing",
      samplesPerClass: (0..<347).map { $0 < 25 || $0 % 3 == 0 ? 0 : 2 }, isHinted: true),
    Case(what: "one sample each", samplesPerClass: .init(repeating: 1, count: 50), isHinted: true),
    Case(
      what: "bytes as prices: many samples, most values never",
      samplesPerClass: (0..<256).map { $0 % 5 == 0 ? 400 : 0 }, isHinted: true, needsCounts: true),
    Case(
      what: "bytes, each of them often", samplesPerClass: .init(repeating: 40, count: 256),
      isHinted: false),
    Case(what: "digits", samplesPerClass: .init(repeating: 6000, count: 10), isHinted: false),
    Case(
      what: "ten classes, one sample each", samplesPerClass: .init(repeating: 1, count: 10),
      isHinted: false),
    Case(
      what: "EMNIST's letters from 1 on", samplesPerClass: [0] + .init(repeating: 800, count: 26),
      isHinted: false),
    Case(what: "19 marks", samplesPerClass: .init(repeating: 1, count: 19), isHinted: false),
    Case(what: "20 marks", samplesPerClass: .init(repeating: 1, count: 20), isHinted: true),
    Case(
      what: "20 classes of 9 samples", samplesPerClass: .init(repeating: 9, count: 20),
      isHinted: true),
    Case(
      what: "20 classes of 10 samples", samplesPerClass: .init(repeating: 10, count: 20),
      isHinted: false),
    Case(
      what: "faces by name", samplesPerClass: .init(repeating: 2, count: 500),
      names: (0..<500).map { "person \($0)" }, isHinted: false),
    Case(what: "none", samplesPerClass: .init(repeating: 0, count: 30), isHinted: false),
  ]

  @Test func quantitiesAreTold() {
    for entry in Self.cases {
      let names = entry.names ?? Self.numbered(entry.samplesPerClass.count)
      let hint = ClassHint.quantities(samplesPerClass: entry.samplesPerClass, names: names)
      #expect((hint != nil) == entry.isHinted, "\(entry): \(hint ?? "nothing")")
      let samples = entry.samplesPerClass.reduce(0, +)
      guard samples > 0 else { continue }
      let summed = ClassHint.quantities(samples: samples, names: names)
      #expect(
        (summed != nil) == (entry.isHinted && !entry.needsCounts),
        "\(entry), by their sum: \(summed ?? "nothing")")
    }
  }

  @Test func theHintCounts() throws {
    let hint = try #require(
      ClassHint.quantities(
        samplesPerClass: (0..<30).map { $0 < 20 ? 1 : 0 }, names: Self.numbered(30)))
    #expect(
      hint.hasPrefix(
        "30 classes, 10 of them without a sample and the others with 1 (20 samples in all): these "
          + "labels look like quantities."), "\(hint)")
    let summed = try #require(ClassHint.quantities(samples: 21, names: Self.numbered(30)))
    #expect(summed.hasPrefix("30 classes for 21 samples, less than 10 each: these"), "\(summed)")
  }
}
