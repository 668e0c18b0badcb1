import SkeinAutograd
import SkeinData
import SkeinKernels
import SkeinModel

/// Runs the forward pass of a few samples once more, operation by operation, to tell what went
/// non-finite first. The step that failed has not updated anything, so the numbers are the same.
struct NonFiniteReplay {
  let model: FeedForward
  let objective: any Objective
  let source: any SampleSource
  /// What the step's products read the weights from, where they round; nil where they do not.
  var panels: WeightPanels?

  /// What happened in the forward pass of `rows`. O(one forward pass).
  func cause(_ rows: [Int32]) -> NonFiniteError {
    let tape = Tape()
    let input = BatchInput(
      tape, samples: rows.count, width: model.network.inputs, target: objective.target)
    do {
      try input.read(rows, from: source)
    } catch {
      // The samples were there a moment ago; without them only the loss is known.
      return NonFiniteError(
        cause: .forward(layer: "loss", operation: objective.name), isNaN: true, samples: rows)
    }
    if let found = nonFinite(input.samples, rows, .sample) { return ofDataset(found) }
    if case .values(let values) = input.target, let found = nonFinite(values, rows, .target) {
      return found
    }
    for entry in model.network.layout.entries {
      if let value = model.parameters.withValues(entry.range, { $0.firstNonFinite }) {
        return NonFiniteError(cause: .parameter(entry.name), isNaN: value.isNaN, samples: [])
      }
    }
    let pass = model.forward(
      input.samples, trains: false, gradients: nil, panels: panels)
    for (block, results) in zip(model.network.blocks, pass.results) {
      for (place, result) in zip(block.places, results) {
        let cause = NonFiniteError.Cause.forward(
          layer: block.name, operation: place.layer.operation)
        if let result, let found = nonFinite(result, rows, cause) { return found }
      }
    }
    // Every output is finite, so it is the loss; which samples' loss, one by one.
    let losses = objective.losses(pass.outputs, input.target).values
    let bad = rows.indices.filter { !losses[$0].isFinite }
    return NonFiniteError(
      cause: .forward(layer: "loss", operation: objective.name),
      isNaN: bad.contains { losses[$0].isNaN },
      samples: bad.isEmpty ? rows : bad.map { rows[$0] })
  }

  /// `found`, of the samples as they enter the network, with what is to blame: the dataset or the
  /// scale.
  private func ofDataset(_ found: NonFiniteError) -> NonFiniteError {
    guard let stored = try? found.samples.map({ try source.stored(Int($0)).firstNonFinite }) else {
      return found
    }
    let bad = zip(found.samples, stored).filter { $0.1 != nil }
    guard let value = stored.lazy.compactMap({ $0 }).first else {
      return NonFiniteError(cause: .scale(source.scale), isNaN: false, samples: found.samples)
    }
    return NonFiniteError(cause: .sample, isNaN: value.isNaN, samples: bad.map(\.0))
  }

  /// The error of the rows of `tensor` [n, …] that are not finite; nil where all are.
  private func nonFinite(
    _ tensor: Tensor, _ rows: [Int32], _ cause: NonFiniteError.Cause
  ) -> NonFiniteError? {
    let width = tensor.shape.count / max(rows.count, 1)
    return tensor.withValues { values in
      let bad = rows.indices.filter {
        values[($0 * width)..<(($0 + 1) * width)].firstNonFinite != nil
      }
      guard let value = values.firstNonFinite else { return nil }
      return NonFiniteError(cause: cause, isNaN: value.isNaN, samples: bad.map { rows[$0] })
    }
  }
}
