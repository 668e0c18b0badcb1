/// Compares the gradients of a computation with central differences.
///
/// For every element x of every input: (−f(x + 2h) + 8 f(x + h) − 8 f(x − h) + f(x − 2h)) / 12h,
/// whose error is of order h⁴, so that h can be large enough for Float. The result's elements
/// are weighted with fixed numbers and added in Double; without weights, a gradient that is
/// wrong in a direction that sums to zero would pass. Cost: 4 evaluations per input element.
///
/// Source: Abramowitz, Stegun, "Handbook of Mathematical Functions", 25.3.6.
public struct GradientChecker: Sendable {
  /// The values and the shape of one input.
  public typealias Input = (values: [Float], shape: Shape)

  /// One element whose two derivatives differ by more than the tolerance.
  public struct Mismatch: Sendable, CustomStringConvertible {
    /// Which of the inputs, from 0.
    public let input: Int
    /// Which element of it, from 0, row-major.
    public let element: Int
    /// The derivative that `backward` gave.
    public let computed: Double
    /// The derivative that central differences gave.
    public let expected: Double

    /// Both derivatives, with input and element.
    public var description: String {
      "input \(input), element \(element): backward gives \(computed), differences give \(expected)"
    }
  }

  /// h, relative to max(1, |x|); a power of two, so that x ± h loses little.
  public var step: Float
  /// The largest |computed − expected| relative to max(1, |expected|, |f|) that passes.
  ///
  /// Rule for the default: Float's rounding of f, 2⁻²⁴ · |f|, times 1.5 / h, times 32 for the
  /// operations that stand behind one f.
  public var tolerance: Double

  /// - Parameters:
  ///   - step: h, > 0, relative to max(1, |x|).
  ///   - tolerance: > 0; nil for what the rule of `tolerance` gives.
  public init(step: Float = 0x1p-6, tolerance: Double? = nil) {
    self.step = step
    self.tolerance = tolerance ?? 0x1p-24 * 1.5 / Double(step) * 32
  }

  /// The elements at which `function`'s gradients differ from central differences; empty if right.
  ///
  /// `function` records its computation on the tape that it is given, from variables with
  /// the values of `inputs`, and returns a tensor of any shape.
  ///
  /// - Precondition: the result depends on every input.
  public func mismatches(
    _ inputs: [Input], _ function: (Tape, [Tensor]) -> Tensor
  ) -> [Mismatch] {
    let tape = Tape()
    let variables = inputs.map { tape.variable($0.values, shape: $0.shape) }
    let result = function(tape, variables)
    let weights = Self.weights(result.shape.count)
    (result * tape.constant(weights, shape: result.shape)).sum().backward()

    func evaluate() -> Double {
      tape.replay()
      return zip(result.values, weights).map { Double($0) * Double($1) }.reduce(0, +)
    }
    let scale = max(1, abs(evaluate()))
    var found: [Mismatch] = []
    for (k, variable) in variables.enumerated() {
      let gradient = variable.gradient
      for (i, x) in inputs[k].values.enumerated() {
        let h = step * max(1, abs(x))
        let f = [2 * h, h, -h, -2 * h].map { offset in
          variable.withMutableValues { $0[i] = x + offset }
          return evaluate()
        }
        variable.withMutableValues { $0[i] = x }
        let expected = (-f[0] + 8 * f[1] - 8 * f[2] + f[3]) / (12 * Double(h))
        let computed = Double(gradient[i])
        let error = abs(computed - expected)
        if !(error <= tolerance * max(scale, abs(expected))) {
          found.append(Mismatch(input: k, element: i, computed: computed, expected: expected))
        }
      }
    }
    return found
  }

  /// Fixed weights in ±[0.5, 1.5), different from element to element.
  private static func weights(_ count: Int) -> [Float] {
    (0..<count).map { i in
      let size = 0.5 + Float((i * 37 + 11) % 64) / 64
      return i % 3 == 1 ? -size : size
    }
  }
}
