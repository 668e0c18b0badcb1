import SkeinTestSupport
import Testing

@testable import SkeinAutograd
@testable import SkeinFiles
@testable import SkeinKernels
@testable import SkeinModel

/// Gradients that are computed after the backward pass, against those that a pass writes down.
@Suite struct DeferredGradientTests {
  /// x·Wᵀ + b through tanh, times a parameter that is used twice, and one that is not used at all.
  private struct Layer {
    static let (rows, inputs, outputs) = (5, 13, 11)
    static let (weight, bias, twice, unused) = (0, 160, 192, 224)
    let tape = Tape()
    let buffer = FloatBuffer(count: 256)
    let loss: Tensor

    init(_ parameters: [Float], _ samples: [Float]) {
      buffer[0..<256] = parameters
      let (rows, inputs, outputs) = (Self.rows, Self.inputs, Self.outputs)
      let w = tape.parameter(in: buffer, at: Self.weight, shape: [outputs, inputs])
      let b = tape.parameter(in: buffer, at: Self.bias, shape: [outputs])
      let t = tape.parameter(in: buffer, at: Self.twice, shape: [outputs])
      _ = tape.parameter(in: buffer, at: Self.unused, shape: [2, 3])
      let x = tape.constant(samples, shape: [rows, inputs])
      loss = (x.linear(weight: w, bias: b).tanh() * t * t).sum()
    }
  }

  /// Every block of every parameter.
  @Test func everyBlockIsThatOfTheWholeGradient() throws {
    let (parameters, samples) = (values(256, seed: 1, scale: 1), values(65, seed: 2, scale: 1))
    let layer = Layer(parameters, samples)
    let program = BatchProgram(layer.tape, loss: layer.loss)
    program.backward(0..<0)
    let gradients = program.gradients

    // The same computation on variables.
    let free = Tape()
    let w = free.variable(Array(parameters[0..<143]), shape: [11, 13])
    let b = free.variable(Array(parameters[160..<171]))
    let t = free.variable(Array(parameters[192..<203]))
    let x = free.constant(samples, shape: [5, 13])
    (x.linear(weight: w, bias: b).tanh() * t * t).sum().backward()
    let expected = [w.gradient, b.gradient, t.gradient, [Float](repeating: 0, count: 6)]

    for (gradient, whole) in zip(gradients, expected) {
      let shape: Shape = whole.count == 143 ? [11, 13] : [whole.count]
      let all = ParameterBlock(start: gradient.range.lowerBound, shape: shape)
      for row in 0..<all.rows {
        for height in 1...(all.rows - row) {
          for column in 0..<all.columns {
            for width in 1...(all.columns - column) {
              let start = all.start + row * all.stride + column
              let block = ParameterBlock(
                start: start, rows: height, columns: width, stride: all.stride)
              check(gradient, block, whole, first: row * all.stride + column)
            }
          }
        }
      }
    }
  }

  /// That `gradient` writes `block`, whose first element is element `first` of `whole`, and nothing
  /// else.
  private func check(
    _ gradient: DeferredGradient, _ block: ParameterBlock, _ whole: [Float], first: Int
  ) {
    let target = FloatBuffer(count: 300)
    target[0..<300] = [Float](repeating: 7, count: 300)
    gradient.write(block, into: target, at: 3)
    var expected: [Float] = []
    for row in 0..<block.rows {
      let start = first + row * block.stride
      expected += whole[start..<(start + block.columns)]
    }
    let end = 3 + block.count
    let differing = Tolerance.differences(target[3..<end], expected, terms: 5)
    #expect(differing.isEmpty, "\(block)")
    let around = target[0..<3] + target[end..<300]
    #expect(around.allSatisfy { $0 == 7 }, "\(block)")
  }

  /// Blocks of a wide weight's gradient over any samples of a batch, with the copies that a pass in
  /// slices has written, and without.
  @Test func copiesOfOperandsDoNotChangeABit() {
    let (rows, inputs, outputs) = (67, 70, 1030)
    let buffer = FloatBuffer(count: outputs * (inputs + 1) + 64)
    buffer[0..<buffer.count] = values(buffer.count, seed: 5, scale: 0.1)
    let tape = Tape()
    let x = tape.batch(samples: rows, width: inputs)
    tape.nodes[x.node].value.update(
      from: values(rows * inputs, seed: 6, scale: 1), count: rows * inputs)
    let w = tape.parameter(in: buffer, at: 0, shape: [outputs, inputs])
    let b = tape.parameter(
      in: buffer, at: FloatBuffer.padded(outputs * inputs), shape: [outputs])
    let program = BatchProgram(tape, loss: x.linear(weight: w, bias: b).tanh())
    for samples in [0..<11, 11..<40, 40..<67] {
      program.forward(samples)
      program.backward(samples)
    }
    let gradient = program.gradients[0]
    var plain = gradient
    plain.copies = nil
    #expect(gradient.copies != nil && program.gradients[1].copies == nil)
    let (found, expected) = (FloatBuffer(count: 64 * 70), FloatBuffer(count: 64 * 70))
    for row in [0, 64, 960, 1005] {
      for columns in [0..<48, 48..<70, 0..<70, 5..<70, 3..<51] {
        for samples in [nil, 0..<67, 0..<20, 20..<67, 7..<8, 9..<9] {
          let block = ParameterBlock(
            start: row * inputs + columns.lowerBound, rows: min(64, outputs - row),
            columns: columns.count, stride: inputs)
          gradient.write(block, of: samples, into: found)
          plain.write(block, of: samples, into: expected)
          let (all, other) = (found[0..<block.count], expected[0..<block.count])
          #expect(all.contains { $0 != 0 } || samples?.isEmpty == true)
          #expect(all.elementsEqual(other) { $0.bitPattern == $1.bitPattern }, "\(block)")
        }
      }
    }
  }

  @Test func deferredGradientsDoNotCostTheMemoryOfTheParameters() {
    let buffer = FloatBuffer(count: 1_000_000)
    let tape = Tape()
    let w = tape.parameter(in: buffer, at: 0, shape: [1000, 1000])
    let b = tape.variable([Float](repeating: 0, count: 1000))
    let x = tape.constant([Float](repeating: 1, count: 1000), shape: [1, 1000])
    let loss = x.linear(weight: w, bias: b).sum()
    BatchProgram(tape, loss: loss).backward(0..<0)
    #expect(tape.arena.floatCount < 500_000)
    loss.backward()
    #expect(tape.arena.floatCount >= 1_000_000)
  }

  /// After a training step, `backward` gives what it would have given without one.
  @Test func aTrainingStepLeavesNothingBehind() {
    let (parameters, samples) = (values(256, seed: 3, scale: 1), values(65, seed: 4, scale: 1))
    let plain = Layer(parameters, samples)
    plain.loss.backward()
    let stepped = Layer(parameters, samples)
    let gradients = FloatBuffer(count: 256)
    stepped.tape.backward(from: stepped.loss, into: gradients)
    #expect(gradients[0..<143].contains { $0 != 0 })
    for _ in 0..<2 {
      stepped.tape.zeroGradients()
      stepped.loss.backward()
      for (a, b) in zip(plain.tape.parameters, stepped.tape.parameters) {
        let x = Tensor(tape: plain.tape, node: a.node)
        let y = Tensor(tape: stepped.tape, node: b.node)
        guard plain.tape.nodes[a.node].hasGradient else { continue }
        #expect(x.gradient == y.gradient)
      }
      stepped.tape.backward(from: stepped.loss, into: gradients)
    }
  }

  /// What is recorded behind a training step still gets its gradients.
  @Test func recordingGoesOnBehindATrainingStep() {
    let buffer = FloatBuffer(count: 32)
    buffer[0..<2] = [3, 4]
    let tape = Tape()
    let w = tape.parameter(in: buffer, at: 0, shape: [2, 1])
    let b = tape.parameter(in: buffer, at: 16, shape: [2])
    let x = tape.constant([1], shape: [1, 1])
    let gradients = FloatBuffer(count: 32)
    tape.backward(from: x.linear(weight: w, bias: b).sum(), into: gradients)
    #expect(gradients[0..<2] == [1, 1] && gradients[16..<18] == [1, 1])
    let squares = (w * w).sum()
    squares.backward()
    #expect(w.gradient == [6, 8])
    tape.backward(from: squares, into: gradients)
    #expect(gradients[0..<2] == [6, 8] && gradients[16..<18] == [0, 0])
  }

  /// A layer whose input is a parameter: what it would be computed from changes in the update.
  @Test func aParameterAsInputIsWrittenDown() {
    let buffer = FloatBuffer(count: 32)
    buffer[0..<2] = [3, 4]
    buffer[16..<18] = [5, 6]
    let tape = Tape()
    let x = tape.parameter(in: buffer, at: 0, shape: [1, 2])
    let w = tape.parameter(in: buffer, at: 16, shape: [1, 2])
    let loss = x.linear(weight: w, bias: tape.constant([0])).sum()
    let program = BatchProgram(tape, loss: loss)
    program.backward(0..<0)
    let gradients = program.gradients
    buffer[0..<2] = [100, 100]
    let target = FloatBuffer(count: 2)
    gradients[1].write(ParameterBlock(start: 16, shape: [1, 2]), into: target)
    #expect(target[0..<2] == [3, 4])
  }
}
