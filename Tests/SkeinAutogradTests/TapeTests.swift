import Testing

@testable import SkeinAutograd
@testable import SkeinKernels

/// What the tape does with recorded work: reuse, replay, accumulation.
@Suite struct TapeTests {
  @Test(arguments: 1...17) func aNodeUsedManyTimesGetsEveryContribution(uses: Int) {
    let tape = Tape()
    let x = tape.variable(3)
    let y = x * x
    var sum = y
    for _ in 1..<max(uses, 1) where uses > 1 { sum = sum + y }
    sum.backward()
    #expect(sum.item == Float(9 * uses), "\(uses) uses")
    #expect(x.gradient == [Float(6 * uses)], "\(uses) uses")
    #expect(y.gradient == [Float(uses)], "\(uses) uses")
  }

  @Test func aDiamondAddsBothPaths() {
    let tape = Tape()
    let x = tape.variable([2, -1])
    let y = x * x
    ((y + x) * (y - x)).sum().backward()  // x⁴ − x²
    #expect(x.gradient == [28, -2])  // 4x³ − 2x
  }

  @Test func broadcastingSumsOverStretchedAxes() {
    for (rows, columns) in [(1, 1), (1, 4), (3, 1), (3, 4)] {
      let tape = Tape()
      let a = tape.variable((0..<rows).map(Float.init), shape: [rows, 1])
      let b = tape.variable((0..<columns).map { Float($0) + 1 })
      let y = a * b
      #expect(y.shape == [rows, columns])
      let expected = (0..<rows).flatMap { i in (0..<columns).map { Float(i * ($0 + 1)) } }
      #expect(y.values == expected, "\(rows) × \(columns)")
      y.sum().backward()
      let sumB = Float(columns * (columns + 1) / 2)
      let sumA = Float(rows * (rows - 1) / 2)
      #expect(a.gradient == [Float](repeating: sumB, count: rows), "\(rows) × \(columns)")
      #expect(b.gradient == [Float](repeating: sumA, count: columns), "\(rows) × \(columns)")
    }
  }

  @Test func constantsGetNoGradient() {
    let tape = Tape()
    let (x, c) = (tape.variable([1, 2]), tape.constant([3, 4]))
    #expect(!(c * c).wantsGradient)
    (x * c).sum().backward()
    #expect(x.gradient == [3, 4])
  }

  /// A small network of every kind of node, and its leaves.
  private func network(
    _ tape: Tape, _ values: [[Float]], labels: [Int32]
  ) -> (leaves: [Tensor], labels: Indices, loss: Tensor) {
    let x = tape.constant(values[0], shape: [3, 4])
    let w = tape.variable(values[1], shape: [5, 4])
    let b = tape.variable(values[2], shape: [5])
    let h = x.linear(weight: w, bias: b)
    let indices = tape.indices(labels)
    let loss = (h.tanh() + h.swish() * b).softmax().log().mean() + h.crossEntropy(indices)
    return ([x, w, b], indices, loss)
  }

  private func leafValues(_ round: Int) -> [[Float]] {
    [12, 20, 5].map { count in (0..<count).map { Float(($0 * 37 + round * 11) % 64) / 32 - 1 } }
  }

  @Test func replayGivesTheBitsOfRecordingAnew() {
    let tape = Tape()
    let recorded = network(tape, leafValues(0), labels: [0, 1, 2])
    let nodes = tape.count
    for round in 1...8 {
      let labels = (0..<3).map { Int32(($0 * 2 + round) % 5) }
      for (leaf, values) in zip(recorded.leaves, leafValues(round)) {
        leaf.withMutableValues { _ = $0.update(fromContentsOf: values) }
      }
      recorded.labels.withMutableValues { _ = $0.update(fromContentsOf: labels) }
      tape.replay()
      tape.zeroGradients()
      recorded.loss.backward()

      let fresh = network(Tape(), leafValues(round), labels: labels)
      fresh.loss.backward()
      #expect(recorded.loss.item.bitPattern == fresh.loss.item.bitPattern, "round \(round)")
      for k in 1...2 {
        #expect(
          recorded.leaves[k].gradient == fresh.leaves[k].gradient, "round \(round), leaf \(k)")
      }
    }
    #expect(tape.count == nodes)
  }

  @Test func indicesSetAnewChooseOtherRows() {
    let tape = Tape()
    let a = tape.variable([1, 2, 3, 4, 5, 6], shape: [3, 2])
    let rows = tape.indices([0, 0])
    let chosen = a[rows]
    let sum = chosen.sum()
    sum.backward()
    #expect(chosen.values == [1, 2, 1, 2])
    #expect(a.gradient == [2, 2, 0, 0, 0, 0])
    rows.withMutableValues { ($0[0], $0[1]) = (2, 1) }
    tape.replay()
    tape.zeroGradients()
    sum.backward()
    #expect(chosen.values == [5, 6, 3, 4])
    #expect(a.gradient == [0, 0, 1, 1, 1, 1])
  }

  @Test func backwardIntoABufferEqualsBackward() {
    let values: [Float] = [0.5, -1, 2, 0.25, 1, -0.5]
    let free = Tape()
    let w0 = free.variable(values, shape: [2, 3])
    let x0 = free.constant([1, 2, 3, -1, 0.5, 2], shape: [2, 3])
    let b0 = free.variable([0.1, 0.2])
    x0.linear(weight: w0, bias: b0).tanh().sum().backward()

    let parameters = FloatBuffer(count: 48)
    parameters[0..<6] = values
    parameters[16..<18] = [0.1, 0.2]
    parameters[32..<34] = [7, 7]
    let tape = Tape()
    let w = tape.parameter(in: parameters, at: 0, shape: [2, 3])
    let b = tape.parameter(in: parameters, at: 16, shape: [2])
    _ = tape.parameter(in: parameters, at: 32, shape: [2])
    let x = tape.constant([1, 2, 3, -1, 0.5, 2], shape: [2, 3])
    let loss = x.linear(weight: w, bias: b).tanh().sum()
    let (first, second) = (FloatBuffer(count: 48), FloatBuffer(count: 48))
    for (round, gradients) in [first, second, first].enumerated() {
      gradients[0..<48] = [Float](repeating: 9, count: 48)
      tape.replay()
      tape.backward(from: loss, into: gradients)
      #expect(gradients[0..<6] == w0.gradient, "round \(round)")
      #expect(gradients[16..<18] == b0.gradient, "round \(round)")
      #expect(gradients[32..<34] == [0, 0], "a parameter that the loss does not use")
      #expect(gradients[6..<16] == [Float](repeating: 9, count: 10), "the gap between them")
    }
  }
}

extension TapeTests {
  /// y = Σ (w·x₁ + w·x₂): each use of w counts, also in the buffer of a training step.
  @Test func aParameterUsedTwiceGetsBothGradients() {
    let (buffer, gradients) = (FloatBuffer(count: 16), FloatBuffer(count: 16))
    buffer[0..<2] = [3, 4]
    let tape = Tape()
    let first = tape.parameter(in: buffer, at: 0, shape: [2]) * tape.constant([1, 10])
    let second = tape.parameter(in: buffer, at: 0, shape: [2]) * tape.constant([100, 1000])
    let loss = (first + second).sum()
    for _ in 0..<2 {
      tape.backward(from: loss, into: gradients)
      #expect(gradients[0..<2] == [101, 1010])
      tape.replay()
    }
  }

  /// Tapes that share a place for a parameter's gradient add up there, whatever stood in it.
  @Test func sharedGradientsAddUpOverTapes() {
    let (buffer, gradients) = (FloatBuffer(count: 16), FloatBuffer(count: 16))
    buffer[0..<2] = [3, 4]
    gradients[0..<3] = [0.5, 0, 7]
    func record(_ factors: [Float]) -> Tensor {
      let tape = Tape()
      let w = tape.parameter(in: buffer, at: 0, shape: [2], gradients: gradients)
      return (w * tape.constant(factors)).sum()
    }
    let (first, second) = (record([1, 10]), record([100, 1000]))
    first.backward()
    #expect(gradients[0..<3] == [1.5, 10, 7])
    second.backward()
    first.backward()
    #expect(gradients[0..<3] == [102.5, 1020, 7])
    // A training step's pass leaves them alone, and the next call finds them again.
    let own = FloatBuffer(count: 16)
    first.tape.backward(from: first, into: own)
    #expect(own[0..<2] == [1, 10] && gradients[0..<3] == [102.5, 1020, 7])
    first.backward()
    #expect(gradients[0..<3] == [103.5, 1030, 7])
    first.tape.zeroGradients()
    #expect(gradients[0..<3] == [0, 0, 7])
  }

  @Test func thePowerZeroIsFlatEverywhere() {
    let tape = Tape()
    let x = tape.variable([0, 1, -2])
    let y = x.pow(0)
    y.sum().backward()
    #expect(y.values == [1, 1, 1] && x.gradient == [0, 0, 0])
  }
}
