import SkeinAutograd
import Testing

/// The lecture's own examples.
@Suite struct LectureTests {
  @Test func squaresAndASecondBackward() {
    let tape = Tape()
    let x = tape.variable([1, 2, 3])
    let y = (x * x).sum()
    y.backward()
    #expect(y.item == 14)
    #expect(x.gradient == [2, 4, 6])
    y.backward()
    #expect(x.gradient == [4, 8, 12])
    tape.zeroGradients()
    y.backward()
    #expect(x.gradient == [2, 4, 6])
  }

  @Test func elementsByRowAndColumn() {
    let tape = Tape()
    let a = tape.variable((0..<12).map(Float.init), shape: [4, 3])
    #expect(a[[0, 1, 2, 3], [0, 1, 2, 1]].values == [0, 4, 8, 10])
  }

  @Test func softmaxOfOneLargeValue() {
    let p = Tape().constant([1, 1, 5, 1]).softmax()
    #expect(p.values.map { ($0 * 100).rounded() / 100 } == [0.02, 0.02, 0.95, 0.02])
  }
}
