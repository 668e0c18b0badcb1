extension Trainer {
  /// Where training stands. O(parameters): a copy.
  public var state: TrainingState {
    TrainingState(
      progress: progress, parameters: model.parameters[0..<model.parameters.count],
      optimizer: zip(optimizer.stateNames, states).map { name, values in
        TrainingState.OptimizerState(name: name, values: values[0..<values.count])
      }, generator: generator)
  }

  /// Goes on from `state`, or from the beginning of its epoch where batches had another size. A
  /// saved state that the optimizer does not have is ignored, and one that was not saved becomes
  /// what it is before the first step. O(parameters), and as much as the source takes for an
  /// epoch's order.
  ///
  /// - Precondition: its parameters and its optimizer's states have the model's layout.
  public func restore(_ state: TrainingState) {
    model.parameters[0..<model.parameters.count] = state.parameters
    for (name, values) in zip(optimizer.stateNames, states) {
      if let saved = state.optimizer.first(where: { $0.name == name }) {
        values[0..<values.count] = saved.values
      } else {
        optimizer.begin(name, values, model.parameters)
      }
    }
    begin(at: state.progress, state.generator)
  }

  /// The digests of the parameters and of the optimizer's states. O(parameters).
  public var digest: TrainingDigest {
    TrainingDigest(
      model.network.layout, parameters: model.parameters, states: states)
  }
}
