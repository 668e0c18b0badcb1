import SkeinAutograd
import SkeinData
import SkeinModel

/// Runs the forward pass of a few samples once more, operation by operation, to tell what went
/// non-finite first. The step that failed has not updated anything, so the numbers are the same.
struct NonFiniteReplay<Source: SampleSource> {
  let model: FeedForward
  let loss: Loss
  let source: Source
  let scale: Float

  /// What happened in the forward pass of `rows`. O(one forward pass).
  func cause(_ rows: [Int32]) -> NonFiniteError {
    let tape = Tape()
    let width = model.architecture.inputs
    let samples = tape.constant(
      [Float](repeating: 0, count: rows.count * width), shape: [rows.count, width])
    let labels = tape.indices([Int32](repeating: 0, count: rows.count))
    do {
      try samples.withMutableValues { samples in
        try labels.withMutableValues { labels in
          try rows.withUnsafeBufferPointer {
            try source.gather($0, scale: scale, samples: samples, labels: labels)
          }
        }
      }
    } catch {
      // The samples were there a moment ago; without them only the loss is known.
      return NonFiniteError(
        cause: .forward(layer: "loss", operation: loss.rawValue), isNaN: true, samples: rows)
    }
    if let found = nonFinite(samples, rows, .sample) { return ofDataset(found) }
    for entry in model.architecture.layout.entries {
      if let value = model.parameters.withValues(entry.range, { $0.firstNonFinite }) {
        return NonFiniteError(cause: .parameter(entry.name), isNaN: value.isNaN, samples: [])
      }
    }
    let pass = model.forward(samples, trains: false)
    for (layer, sums) in pass.sums.enumerated() {
      let name = "layers.\(layer)"
      if let found = nonFinite(sums, rows, .forward(layer: name, operation: "x·Wᵀ + b")) {
        return found
      }
      guard layer < pass.hiddenStates.count else { continue }
      let operation = model.architecture.activation.name
      let cause = NonFiniteError.Cause.forward(layer: name, operation: operation)
      if let found = nonFinite(pass.hiddenStates[layer], rows, cause) { return found }
    }
    // Every logit is finite, so it is the loss; which samples' loss, one by one.
    let bad = rows.indices.filter { !lossOfRow($0, pass.logits, labels).isFinite }
    return NonFiniteError(
      cause: .forward(layer: "loss", operation: loss.rawValue),
      isNaN: bad.contains { lossOfRow($0, pass.logits, labels).isNaN },
      samples: bad.isEmpty ? rows : bad.map { rows[$0] })
  }

  /// `found`, of the samples as they enter the network, with what is to blame: the dataset or the
  /// scale.
  private func ofDataset(_ found: NonFiniteError) -> NonFiniteError {
    let rows = found.samples.map(Int.init)
    guard let undivided = try? Tape().samples(rows, of: source, scale: 1).samples else {
      return found
    }
    return nonFinite(undivided, found.samples, .sample)
      ?? NonFiniteError(cause: .scale(scale), isNaN: false, samples: found.samples)
  }

  /// The error of the rows of `tensor` [n, width] that are not finite; nil where all are.
  private func nonFinite(
    _ tensor: Tensor, _ rows: [Int32], _ cause: NonFiniteError.Cause
  ) -> NonFiniteError? {
    let width = tensor.shape[1]
    return tensor.withValues { values in
      let bad = rows.indices.filter {
        values[($0 * width)..<(($0 + 1) * width)].firstNonFinite != nil
      }
      guard let value = values.firstNonFinite else { return nil }
      return NonFiniteError(cause: cause, isNaN: value.isNaN, samples: bad.map { rows[$0] })
    }
  }

  private func lossOfRow(_ row: Int, _ logits: Tensor, _ labels: Indices) -> Float {
    let classes = logits.shape[1]
    let label = labels.withMutableValues { $0[row] }
    let tape = Tape()
    let values = logits.withValues { Array($0[(row * classes)..<((row + 1) * classes)]) }
    var target = [Float](repeating: 0, count: classes)
    target[Int(label)] = 1
    return loss.sum(
      tape.constant(values, shape: [1, classes]), labels: tape.indices([label]),
      target: tape.constant(target, shape: [1, classes])
    ).item
  }
}
