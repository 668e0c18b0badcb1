import SkeinAutograd

extension Activation {
  /// Its values at `xs`, and its slopes there, computed on a tape as in training; no slopes where
  /// no gradient passes through. A parametric relu has the slope that it starts from.
  public func sampled(_ xs: [Float]) -> (values: [Float], slopes: [Float]?) {
    let tape = Tape()
    let x = tape.variable(xs)
    let slopes = parameters(for: [xs.count]).map { declaration in
      if case .slope(let value) = declaration.role {
        tape.variable(value)
      } else {
        tape.variable(0)
      }
    }
    let y = record(x, slopes)
    guard isTrainable else { return (y.values, nil) }
    y.sum().backward()
    return (y.values, x.gradient)
  }
}
