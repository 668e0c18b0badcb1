import SkeinAutograd
import SkeinTestSupport
import Testing

@Suite struct SquaredErrorTests {
  /// Against labels it has the bits of the form with a target that is 1 at the label.
  @Test(arguments: [1, 2, 7, 16], [1, 3, 10])
  func labelsHaveTheBitsOfAOneHotTarget(rows: Int, classes: Int) {
    let labels = (0..<rows).map { Int32($0 * 5 % classes) }
    let oneHot = labels.flatMap { label in (0..<classes).map { Int32($0) == label ? Float(1) : 0 } }
    for reduction in [Reduction.sum, .mean] {
      let tape = Tape()
      let outputs = values(rows * classes, seed: UInt64(rows))
      let x = tape.variable(outputs, shape: [rows, classes])
      let y = tape.variable(outputs, shape: [rows, classes])
      let byLabels = x.meanSquaredError(toClasses: tape.indices(labels), reduction: reduction)
      let target = tape.constant(oneHot, shape: [rows, classes])
      let byTarget = y.meanSquaredError(target, reduction: reduction)
      #expect(byLabels.item.bitPattern == byTarget.item.bitPattern)
      // A gradient that is not 1 comes in.
      (byLabels * 0.3).backward()
      (byTarget * 0.3).backward()
      #expect(x.gradient.map(\.bitPattern) == y.gradient.map(\.bitPattern))
    }
  }
}
