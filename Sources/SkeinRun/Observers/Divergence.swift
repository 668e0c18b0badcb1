/// Signs that a training which goes on has failed: its numbers are finite, and it learns nothing.
///
/// Each is judged from the network as it stands, so a run that was stopped and goes on tells the
/// same.
enum Divergence: Hashable {
  /// The loss is far above `ignorance`, that of a network which has learnt nothing.
  case loss(ignorance: Float)
  /// The loss is still no better than `ignorance` after two epochs or more.
  case ignorant(Float)
  /// Every unit of a hidden layer, counted from 1, gives one value whatever the sample.
  case deadLayer(Int, units: Int)

  /// So many times the loss of a network that has learnt nothing is no longer noise.
  static let limit: Float = 3

  /// Whether losses are far above what a network has that has learnt nothing: the mean over the
  /// epoch `trained`, and what samples have `now`. The mean alone would tell of an epoch that began
  /// badly and ended well, and the present loss alone of a network that knows its training samples
  /// by heart. A NaN counts as far above.
  static func isFar(trained: Double, now: Float, ignorance: Float) -> Bool {
    !(Float(trained) <= limit * ignorance) && !(now <= limit * ignorance)
  }

  /// Whether both losses are those of a network that has learnt nothing, or worse.
  static func isIgnorant(trained: Double, now: Float, ignorance: Float) -> Bool {
    Float(trained) >= 0.995 * ignorance && now >= 0.995 * ignorance
  }

  /// - Parameters:
  ///   - learningRate: the job's.
  ///   - hint: what else is odd about the job; see `ScaleHint`.
  func text(learningRate: Float, hint: String?) -> String {
    let also = hint.map { "; \($0)" } ?? ""
    return switch self {
    case .loss(let ignorance):
      "the loss is more than \(Int(Self.limit)) times that of a network that has learnt nothing, "
        + "\(ignorance): training diverges; try a tenth of the learning rate, which is "
        + "\(learningRate)" + also
    case .ignorant(let ignorance):
      "the loss is no better than that of a network that has learnt nothing, \(ignorance): try "
        + "another learning rate than \(learningRate), another activation or another model.init"
        + also
    case .deadLayer(let layer, let units):
      (units == 1
        ? "the unit of hidden layer \(layer) is dead: it gives"
        : "all \(units) units of hidden layer \(layer) are dead: each gives")
        + " one value whatever the sample, so the layers behind it cannot tell samples apart; "
        + "begin anew with a lower learning rate than \(learningRate), or with another model.init"
        + also
    }
  }
}
