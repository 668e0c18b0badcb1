import SkeinData
import SkeinFiles

extension LossOptions {
  /// The objective of a network with this loss, for targets of `kind`.
  ///
  /// - Parameter values: the outputs' names and units, where targets are values.
  /// - Precondition: the loss fits the kind, and class weights are a list.
  public func objective(for target: TargetKind, values: ValueTargets?) -> any Objective {
    switch target {
    case .classes(let count):
      Classification(
        kind, classes: count, labelSmoothing: labelSmoothing, classWeights: weightList)
    case .values(let count):
      Regression(
        kind, values ?? ValueTargets(names: (0..<count).map(ValueTargets.name)))
    }
  }

  /// The class weights as a list; nil where all classes count the same.
  private var weightList: [Float]? {
    switch classWeights {
    case nil: nil
    case .each(let weights): weights
    case .balanced, .named: misuse("class weights that no dataset has made a list of")
    }
  }
}
