import Foundation
import SkeinRandom
import Testing

@testable import SkeinFiles
@testable import SkeinRecord
@testable import SkeinRun
@testable import SkeinTraining

/// Counts of mistakes, against the whole matrix, and where the matrix would be too large.
@Suite struct ConfusionTests {
  private func makeEvaluation(classes: Int, samples: Int) -> Evaluation {
    var generator = MersenneTwister(seed: UInt64(classes))
    func draw() -> [Int32] {
      (0..<samples).map { _ in Int32(generator.next32() % UInt32(classes)) }
    }
    let labels = draw()
    let guesses = draw()
    // Every third answer is right.
    let predictions = labels.indices.map { $0 % 3 == 0 ? labels[$0] : guesses[$0] }
    return Evaluation(loss: 1, labels: labels, predictions: predictions, classCount: classes)
  }

  @Test(arguments: [1, 2, 3, 10, 64])
  func countsAreThoseOfTheMatrix(classes: Int) {
    for samples in [0, 1, 7, 500, 9000] {
      let evaluation = makeEvaluation(classes: classes, samples: samples)
      let matrix = evaluation.confusion
      let confusion = Confusion(evaluation)
      #expect(confusion == Confusion(matrix: matrix), "\(samples) samples")
      var counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
      for (index, report) in confusion.classes.enumerated() {
        counts[index][index] = report.correct
        #expect(report.support == matrix[index].reduce(0, +))
        #expect(report.predicted == matrix.reduce(0) { $0 + $1[index] })
      }
      for pair in confusion.pairs { counts[pair.label][pair.predicted] = pair.count }
      #expect(counts == matrix, "\(samples) samples")
      #expect(confusion.kinds == confusion.pairs.count)
    }
  }

  /// Of more pairs than are kept, the most frequent ones stay, in their order; sums stay right.
  @Test func manyClassesKeepTheMostFrequentPairs() {
    let evaluation = makeEvaluation(classes: 300, samples: 60_000)
    let matrix = evaluation.confusion
    let confusion = Confusion(evaluation)
    #expect(confusion.pairs.count == Confusion.limit)
    let all = matrix.enumerated().flatMap { label, row in
      row.enumerated().filter { $0.offset != label && $0.element > 0 }.map(\.element)
    }
    #expect(confusion.kinds == all.count && all.count > 2 * Confusion.limit)
    #expect(
      confusion.pairs.map(\.count).sorted(by: >)
        == Array(all.sorted(by: >).prefix(Confusion.limit)))
    let places = confusion.pairs.map { ($0.label, $0.predicted) }
    #expect(zip(places, places.dropFirst()).allSatisfy { $0 < $1 })
    #expect(confusion.classes.map(\.support).reduce(0, +) == 60_000)
  }

  /// A file of many classes stays small, and reads back.
  @Test func anEpochOfManyClassesIsASmallFile() throws {
    let golden = try SafetensorsFiles.golden("first_edition_history_epoch.safetensors")
    var record = try EpochRecord(decoding: golden, file: "f")
    let classes = 20_000
    record.confusion = Confusion(makeEvaluation(classes: classes, samples: 50_000))
    let last = record.layers[2]
    record.layers[2].outputs = classes
    record.layers[2].weights = .quantized(
      QuantizedMatrix(
        shape: [classes, 16], codes: [UInt8](repeating: 5, count: 16 * classes),
        scales: [Float](repeating: 1, count: classes)))
    record.layers[2].biases = [Float](repeating: 1, count: classes)
    #expect(last.biases.count == 5)
    let bytes = record.encode()
    // A byte per weight, 8 for scale and bias, 24 for the class's counts; 24 per pair.
    #expect(bytes.count < classes * (16 + 8 + 24) + 24 * Confusion.limit + 50_000)
    #expect(try EpochRecord(decoding: bytes, file: "f") == record)
  }
}
