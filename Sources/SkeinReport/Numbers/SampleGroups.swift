import SkeinRecord

/// In which groups a run's recorded samples are drawn, a colour each: by class, or where targets
/// are values, by fifths of the first output's values.
struct SampleGroups {
  /// The group of each recorded sample.
  let labels: [Int]
  /// What the groups are called.
  let names: [String]
  /// Whether the samples are grouped by their values.
  let areOfValues: Bool

  /// Most groups that values are divided into.
  private static let most = 5

  /// The groups of the samples of `run`. O(samples · log samples).
  init(_ run: RunNumbers) {
    areOfValues = run.facts.targets != nil
    guard let targets = run.facts.targets else {
      labels = run.samples.labels
      names = run.facts.classes
      return
    }
    let values = run.samples.rows.indices.map { run.samples.values($0).first ?? 0 }
    let sorted = values.sorted()
    // The least value of every group but the first one; equal values are in one group.
    let bounds = (1..<Self.most).map { sorted[$0 * sorted.count / Self.most] }
      .reduce(into: [Float]()) { bounds, bound in
        if bound > bounds.last ?? sorted[0] { bounds.append(bound) }
      }
    labels = values.map { value in bounds.count { value >= $0 } }
    let texts = bounds.map { NumberFormat.value(Double($0)) }
    let name = targets.names[0]
    names = (0...bounds.count).map { group in
      guard !bounds.isEmpty else { return name }
      if group == 0 { return "\(name) below \(texts[0])" }
      if group == bounds.count { return "\(name) from \(texts[group - 1])" }
      return "\(name) \(texts[group - 1]) to \(texts[group])"
    }
  }
}

extension RunRecord.Facts {
  /// Values of a sample in words: "price 12.3, age 4"; of many outputs the first three.
  func text(_ values: [Float]) -> String {
    let parts = zip(outputNames, values).prefix(3).map { name, value in
      "\(name) \(NumberFormat.value(Double(value)))"
    }
    return parts.joined(separator: ", ") + (values.count > 3 ? ", …" : "")
  }

  /// What recorded sample `index` of `samples` is: its class, or its values.
  func truth(_ index: Int, of samples: LabelledSamples) -> String {
    guard targets == nil else { return text(samples.values(index)) }
    let label = samples.labels[index]
    return classes.indices.contains(label) ? classes[label] : "?"
  }
}
