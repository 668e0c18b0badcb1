import SkeinRandom
import Testing

@testable import SkeinData

@Suite struct LineImagesTests {
  private func split(_ count: Int, seed: UInt64) throws -> (samples: [Float], labels: [Int32]) {
    let scratch = try Scratch()
    try LineImages.write(
      to: scratch.path, seed: seed, train: count, test: 3, options: .init(level: 1))
    let folder = try DatasetFolder(opening: scratch.path)
    #expect(folder.manifest.count(of: "test") == 3)
    return try folder.load("train", threads: 1).everything()
  }

  @Test func everyImageHoldsOneLineOfItsLength() throws {
    for count in [1, 2, 4, 5, 6, 99, 1000] {
      let (samples, labels) = try split(count, seed: 5)
      for row in 0..<count {
        let pixels = samples[(row * 10)..<(row * 10 + 10)]
        let lit = pixels.indices.filter { pixels[$0] == 1 }
        #expect(lit.count == Int(labels[row]) + 1 && pixels.allSatisfy { $0 == 0 || $0 == 1 })
        #expect(lit == Array(lit[0]..<(lit[0] + lit.count)), "sample \(row) of \(count)")
      }
      let counts = (0..<5).map { label in labels.filter { $0 == label }.count }
      #expect(counts.reduce(0, +) == count)
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1, "\(counts)")
    }
  }

  @Test func everyPlaceOccurs() throws {
    let (samples, _) = try split(1000, seed: 1)
    let images = Set((0..<1000).map { Array(samples[($0 * 10)..<($0 * 10 + 10)]) })
    // 10 + 9 + 8 + 7 + 6 places for lengths 1 to 5.
    #expect(images.count == 40)
  }

  @Test func theSeedDecides() throws {
    let first = try split(50, seed: 1)
    #expect(try split(50, seed: 1) == first)
    #expect(try split(50, seed: 2).samples != first.samples)
  }

  @Test func theDrawsAreThoseThatAreDocumented() throws {
    let (samples, labels) = try split(7, seed: 1234)
    var generator = MersenneTwister(seed: 1234)
    #expect(labels == generator.permutation(7).map { $0 % 5 })
    for row in 0..<7 {
      let start = Int(generator.next32() % (10 - UInt32(labels[row])))
      #expect(samples[row * 10 + start] == 1)
      #expect(start == 0 || samples[row * 10 + start - 1] == 0, "sample \(row)")
    }
  }
}
