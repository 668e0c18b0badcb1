import SkeinAutograd
import SkeinKernels
import Testing

/// Misuse of the API ends the process, with the values that one needs to know.
@Suite struct MisuseTests {
  private func expect(
    _ result: ExitTest.Result?, says parts: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    for part in parts {
      #expect(text.contains(part), "\(part) is not in: \(text)", sourceLocation: sourceLocation)
    }
  }

  @Test func backwardFromATensorThatIsNoScalar() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      Tape().variable([1, 2, 3, 4, 5, 6], shape: [2, 3]).backward()
    }
    expect(result, says: ["backward", "scalar", "[2, 3]"])
  }

  @Test func backwardFromConstants() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      Tape().constant([1, 2]).sum().backward()
    }
    expect(result, says: ["backward", "depends on no variable"])
  }

  @Test func aGradientBeforeBackward() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tape().variable([1, 2, 3]).gradient
    }
    expect(result, says: ["[3]", "no gradient before backward"])
  }

  @Test func theGradientOfAConstant() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tape().constant([1, 2, 3]).gradient
    }
    expect(result, says: ["[3]", "wants no gradient"])
  }

  @Test func aSumOfShapesThatDoNotFit() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape()
      let a = tape.variable([Float](repeating: 0, count: 6), shape: [2, 3])
      _ = a + tape.variable([Float](repeating: 0, count: 20), shape: [4, 5])
    }
    expect(result, says: ["+", "[2, 3]", "[4, 5]"])
  }

  @Test func aMatrixProductOfShapesThatDoNotFit() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape()
      let a = tape.variable([Float](repeating: 0, count: 6), shape: [2, 3])
      _ = a.matmul(tape.variable([Float](repeating: 0, count: 20), shape: [4, 5]))
    }
    expect(result, says: ["matmul", "[2, 3]", "[4, 5]"])
  }

  @Test func valuesThatDoNotFillTheShape() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tape().variable([1, 2, 3], shape: [2, 2])
    }
    expect(result, says: ["3 values", "[2, 2]"])
  }

  @Test func aLabelThatIsNoClass() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape()
      _ = tape.variable([1, 2, 3, 4], shape: [2, 2]).crossEntropy(tape.indices([0, 2]))
    }
    expect(result, says: ["crossEntropy", "index 2 at 1", "of 2"])
  }

  @Test func operandsOfTwoTapes() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tape().variable([1, 2]) + Tape().variable([1, 2])
    }
    expect(result, says: ["+", "different tapes"])
  }

  @Test func backwardThroughBinaryStep() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      Tape().variable([1, -2]).binaryStep().sum().backward()
    }
    expect(result, says: ["backward through binaryStep"])
  }

  @Test func binaryStepForwardIsFine() {
    #expect(Tape().variable([1, 0, -2]).binaryStep().values == [1, 1, 0])
  }
}

extension MisuseTests {
  @Test func indicesOfAnotherTape() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape()
      let a = tape.variable([1, 2, 3, 4], shape: [2, 2])
      _ = a[Tape().indices([0, 1])]
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("another tape"), "\(text)")
  }

  @Test func parametersThatOverlap() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let (tape, buffer) = (Tape(), FloatBuffer(count: 16))
      _ = tape.parameter(in: buffer, at: 0, shape: [4])
      _ = tape.parameter(in: buffer, at: 2, shape: [4])
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("overlap"), "\(text)")
  }

  @Test func aParameterWithTwoPlacesForItsGradient() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let (tape, buffer) = (Tape(), FloatBuffer(count: 16))
      for _ in 0..<2 {
        _ = tape.parameter(in: buffer, at: 0, shape: [4], gradients: FloatBuffer(count: 16))
      }
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("another place"), "\(text)")
  }
}
