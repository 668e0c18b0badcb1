/// A sign that training has failed although its numbers are finite: the network learns nothing.
///
/// Each sign depends only on the current network and on the epoch's losses, so a resumed run shows
/// the same signs.
enum Divergence: Hashable {
  /// The loss is far above `ignorance`, which is the loss of a network that has learnt nothing.
  case loss(ignorance: Float)
  /// After two epochs or more the loss is still no better than that of a network that has learnt
  /// nothing. The value is that loss.
  case ignorant(Float)
  /// Every unit of a hidden layer gives the same value for every sample. Layers count from 1.
  case deadLayer(Int, units: Int)

  /// A loss above this multiple of `ignorance` is far above it: noise does not explain it.
  static let limit: Float = 3

  /// Whether two losses are far above `ignorance`. A NaN counts as far above.
  ///
  /// One loss alone may mislead. The epoch's mean loss, `trained`, is high in an epoch that began
  /// badly and ended well. The current loss, `now`, is high on test samples for a network that
  /// knows its training samples by heart.
  ///
  /// - Parameters:
  ///   - trained: the mean loss over the epoch.
  ///   - now: the loss of the network in its current state.
  ///   - ignorance: the loss of a network that has learnt nothing.
  static func isFar(trained: Double, now: Float, ignorance: Float) -> Bool {
    !(Float(trained) <= limit * ignorance) && !(now <= limit * ignorance)
  }

  /// Whether both losses are no better than `ignorance`.
  static func isIgnorant(trained: Double, now: Float, ignorance: Float) -> Bool {
    Float(trained) >= 0.995 * ignorance && now >= 0.995 * ignorance
  }

  /// The warning, in one line.
  ///
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
