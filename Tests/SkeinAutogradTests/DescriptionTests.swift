import SkeinAutograd
import Testing

@Suite struct DescriptionTests {
  @Test func aTensorPrintsItsShapeAndValues() {
    let tape = Tape()
    #expect("\(tape.constant(2.5))" == "[]: 2.5")
    #expect("\(tape.constant([1, -2]))" == "[2]: [1.0, -2.0]")
    #expect(
      "\(tape.constant([1, 2, 3, 4, 5, 6], shape: [2, 3]))"
        == "[2, 3]: [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]")
    #expect("\(tape.constant([], shape: [0, 3]))" == "[0, 3]: []")
    #expect(
      "\(tape.constant((0..<100).map(Float.init)))"
        == "[100]: [0.0, 1.0, 2.0, …, 97.0, 98.0, 99.0]")
    #expect("\(tape.constant((0..<8).map(Float.init)))".hasSuffix("6.0, 7.0]"))
  }

  @Test func indicesPrintTheirEntries() {
    let tape = Tape()
    #expect("\(tape.indices([4, 0, 4]))" == "[3]: [4, 0, 4]")
    #expect("\(tape.indices([]))" == "[0]: []")
    #expect("\(tape.indices((0..<9).map { 2 * $0 }))" == "[9]: [0, 2, 4, …, 12, 14, 16]")
  }
}
