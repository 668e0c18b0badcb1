import SkeinFiles

/// Targets that are values.
extension Split {
  /// A split from memory whose targets are values. O(elements), one copy.
  ///
  /// - Parameters:
  ///   - samples: All elements, sample after sample, row-major.
  ///   - values: A value per sample and output, row by row, in the targets' own units.
  ///   - targets: The outputs' names, and how they are standardised; nil for one output "target 1"
  ///     that is not. `standardised()` of a training split gives what suits it.
  ///   - weights: How much each sample counts in a loss, finite and ≥ 0; nil for all the same.
  /// - Precondition: The shape has no dimension below 1, `samples`, `values` and `weights` fit it,
  ///   and all values are finite.
  public convenience init<Element: SampleElement>(
    name: String, sampleShape: [Int], samples: [Element], values: [Float],
    targets: ValueTargets? = nil, weights: [Float]? = nil
  ) {
    let targets = targets ?? ValueTargets(names: [ValueTargets.name(0)])
    require(sampleShape.allSatisfy { $0 > 0 }, "sample shape \(sampleShape)")
    require(
      targets.count > 0 && values.count % targets.count == 0
        && [targets.mean, targets.deviation].allSatisfy {
          $0?.count ?? targets.count == targets.count
        }
        && (targets.mean == nil) == (targets.deviation == nil)
        && targets.deviation?.allSatisfy({ $0 > 0 && $0.isFinite }) ?? true,
      "\(values.count) values of \(targets.count) outputs")
    if let bad = values.firstIndex(where: { !$0.isFinite }) {
      misuse("value \(values[bad]) of sample \(bad / targets.count)")
    }
    self.init(
      name: name, sampleShape: sampleShape, storage: SampleStorage(copying: samples),
      targets: .values(SampleStorage(copying: values), targets), weights: weights, origin: nil)
  }

  /// The outputs' names, and how targets are standardised; nil where targets are classes.
  public var valueTargets: ValueTargets? {
    if case .values(_, let targets) = targets { targets } else { nil }
  }

  /// The values of sample `row` in their own units; none where targets are classes. O(outputs).
  ///
  /// - Precondition: 0 ≤ `row` < `count`.
  public func values(at row: Int) -> [Float] {
    require((0..<count).contains(row), "row \(row) of \(count)")
    guard case .values(let storage, let targets) = targets else { return [] }
    return Array(storage.floats[(row * targets.count)..<((row + 1) * targets.count)])
  }

  /// The mean and the deviation of each output over this split, with the outputs' names: what
  /// training on it standardises by. O(values).
  ///
  /// - Throws: `DataError` where an output is constant.
  /// - Precondition: targets are values, and there is a sample.
  public func standardised() throws -> ValueTargets {
    guard case .values(let storage, let targets) = targets, count > 0 else {
      misuse("the mean values of \(count) samples with targets \(target)")
    }
    var moments = ValueMoments(names: targets.names)
    moments.add(UnsafeBufferPointer(storage.floats))
    return try moments.standardising(name)
  }

  /// The least and the greatest value of output `column`, in its own unit. O(samples).
  func valueRange(_ column: Int) -> ElementStatistics {
    var statistics = ElementStatistics()
    guard case .values(let storage, let targets) = targets else { return statistics }
    for place in stride(from: column, to: storage.floats.count, by: targets.count) {
      withUnsafeBytes(of: storage.floats[place]) { statistics.add($0, .float32) }
    }
    return statistics
  }
}
