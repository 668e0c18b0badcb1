import SkeinTestSupport
import Testing

@testable import SkeinAutograd

/// The count of recognised rows against the plain one, where scores are equal or no numbers.
@Suite struct ArgMaxTests {
  /// The answer as one would say it: the first that no other is above, unless the first is a NaN.
  private func answer(_ row: [Float]) -> Int {
    if row[0].isNaN { return 0 }
    return row.firstIndex { x in !x.isNaN && !row.contains { $0 > x } } ?? 0
  }

  /// Every row of three scores out of six, with every label.
  @Test func matchesAreWhereArgMaxIsTheLabel() {
    let scores: [Float] = [.nan, -.infinity, -1, 0, 2, .infinity]
    let rows: [[Float]] = scores.flatMap { a in
      scores.flatMap { b in scores.map { c in [a, b, c] } }
    }
    for label: Int32 in 0..<3 {
      for row in rows {
        let tape = Tape()
        let tensor = tape.constant(row, shape: [1, 3])
        #expect(tensor.argMax() == [answer(row)], "\(row)")
        let isMatch = Int32(answer(row)) == label
        #expect(
          tensor.matches(tape.indices([label])).values == [isMatch ? 1 : 0], "\(row), \(label)")
      }
    }
  }

  @Test(arguments: [1, 2, 5, 17])
  func matchesAreThoseOfEachRow(columns: Int) {
    // Few different numbers, so that many are equal.
    let scores = values(200 * columns).map { ($0 * 2).rounded() }
    let labels = (0..<200).map { Int32($0 * 7 % columns) }
    let tape = Tape()
    let tensor = tape.constant(scores, shape: [200, columns])
    let expected = zip(tensor.argMax(), labels).map { $0 == Int($1) ? Float(1) : 0 }
    #expect(tensor.matches(tape.indices(labels)).values == expected && expected.contains(1))
  }

  @Test func aLabelThatIsNoColumnStopsTheProgram() async {
    let above = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape()
      _ = tape.constant([1, 2, 3], shape: [1, 3]).matches(tape.indices([3]))
    }
    let below = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape()
      _ = tape.constant([1, 2, 3], shape: [1, 3]).matches(tape.indices([-1]))
    }
    for (result, label) in [(above, 3), (below, -1)] {
      let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(text.contains("matches: index \(label) at 0, of 3"), "\(text)")
    }
  }
}
