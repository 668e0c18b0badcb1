import SkeinModel
import SkeinReport

extension ActivationFigure.Function {
  /// `activation` and its derivative from −4 to 4, in steps of 0.05. That is fine enough for
  /// corners to look sharp.
  public init(_ activation: Activation) {
    let xs = (-80...80).map { Float($0) / 20 }
    let (values, slopes) = activation.sampled(xs)
    self.init(
      name: activation.name, formula: activation.formula,
      points: xs.indices.map { index in
        (Double(xs[index]), Double(values[index]), slopes.map { Double($0[index]) })
      })
  }
}
