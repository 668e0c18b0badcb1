import Testing

@testable import SkeinAutograd

/// Scores that are far below a row's largest one. Below 64 less their slopes are 0: they would be
/// denormal numbers, or make such.
@Suite struct SoftmaxTests {
  private static let scores: [Float] = [0, -63, -65, -100]

  @Test func logSoftmaxLeavesTinySlopesOut() {
    let tape = Tape()
    let x = tape.variable(Self.scores, shape: [1, 4])
    let y = x.logSoftmax()
    (y * tape.constant([1, 0, 0, 0], shape: [1, 4])).sum().backward()
    #expect(y.values == Self.scores)
    #expect(x.gradient[1] < 0 && x.gradient[1] > -1e-27)
    #expect(x.gradient[2] == 0 && x.gradient[3] == 0)
  }

  @Test func crossEntropyLeavesTinySlopesOut() {
    let tape = Tape()
    let x = tape.variable(Self.scores, shape: [1, 4])
    let loss = x.crossEntropy(tape.indices([1]))
    loss.sum().backward()
    #expect(loss.values == [63])
    #expect(x.gradient[0] == 1 && x.gradient[1] == -1)
    #expect(x.gradient[2] == 0 && x.gradient[3] == 0)
  }

  /// What is asked for itself is as small as a Float can be.
  @Test func softmaxKeepsThem() {
    let y = Tape().constant(Self.scores, shape: [1, 4]).softmax().values
    #expect(y[0] == 1 && y[2] > 0 && y[3] > 0 && y[3] < .leastNormalMagnitude)
  }
}
