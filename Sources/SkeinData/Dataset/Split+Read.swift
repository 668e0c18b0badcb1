import SkeinFiles
import SkeinKernels

extension Split {
  /// As `SampleSource.read`, undivided. O(elements), no allocation.
  public func read(_ rows: BatchRows, into memory: BatchMemory) {
    read(rows, into: memory, scale: 1, values: valueTargets)
  }

  /// Copies the samples `rows` as `Float`, each element divided by `scale`, and their targets.
  ///
  /// An element x becomes Float(x) / `scale`, correctly rounded: the bits that PyTorch's
  /// `x.float() / scale` has. O(`rows.count` × `sampleSize`), no allocation.
  ///
  /// Shuffled rows lie anywhere in memory. Waiting for them was a seventh of a small network's
  /// training step, so each row that is read asks for one of those that come next.
  ///
  /// - Parameter values: how targets are standardised that are values.
  /// - Precondition: `rows` are in 0..<`count`, `memory` has exactly the room that they need, and
  ///   `scale` is finite and not 0.
  func read(
    _ rows: BatchRows, into memory: BatchMemory, scale: Float, values: ValueTargets? = nil
  ) {
    require(scale.isFinite && scale != 0, "scale \(scale)")
    require(
      memory.samples.count == rows.count * sampleSize && hasRoom(memory.targets, rows.count),
      "room for \(memory.samples.count) elements, \(memory.labels.count) labels and "
        + "\(memory.values.count) values, for \(rows.count) samples of \(sampleSize) with "
        + "targets \(target)")
    // One check over all rows, so that the loops below need none.
    for row in rows.numbers where row < 0 || row >= count {
      misuse("row \(row) of \(count)")
    }
    readTargets(rows, into: memory.targets, values)
    readSamples(rows, into: memory.samples, scale: scale)
  }

  private func readSamples(
    _ rows: BatchRows, into samples: UnsafeMutableBufferPointer<Float>, scale: Float
  ) {
    switch elementType {
    case .uint8 where ByteScale.isExact(scale): divideBytes(rows, ByteScale(scale), samples)
    case .uint8: divide(rows, as: UInt8.self, scale, samples)
    case .int8: divide(rows, as: Int8.self, scale, samples)
    case .int16: divide(rows, as: Int16.self, scale, samples)
    case .int32: divide(rows, as: Int32.self, scale, samples)
    case .float32: divide(rows, as: Float.self, scale, samples)
    case .float64: divide(rows, as: Double.self, scale, samples)
    }
  }

  @inline(__always)
  private func hasRoom(_ memory: TargetMemory, _ rows: Int) -> Bool {
    guard memory.weights?.count ?? rows == rows else { return false }
    return switch (memory.kind, targets) {
    case (.labels(let room), .labels): room.count == rows
    case (.values(let room), .values(_, let targets)): room.count == rows * targets.count
    default: false
    }
  }

  @inline(__always)
  private func readTargets(_ rows: BatchRows, into memory: TargetMemory, _ values: ValueTargets?) {
    if let room = memory.weights {
      for (index, row) in rows.numbers.enumerated() { room[index] = weights?[Int(row)] ?? 1 }
    }
    switch (memory.kind, targets) {
    case (.labels(let room), .labels(let labels, _)):
      labels.withUnsafeBufferPointer { labels in
        for (index, row) in rows.numbers.enumerated() { room[index] = labels[Int(row)] }
      }
    case (.values(let room), .values(let storage, let own)):
      let (source, width, scaling) = (storage.floats, own.count, values ?? own)
      for (index, row) in rows.numbers.enumerated() {
        for column in 0..<width {
          room[index * width + column] = scaling.standardised(
            source[Int(row) * width + column], column)
        }
      }
    default: misuse("targets of another kind")
    }
  }

  private func divideBytes(
    _ rows: BatchRows, _ scale: ByteScale, _ samples: UnsafeMutableBufferPointer<Float>
  ) {
    guard let target = samples.baseAddress,
      let source = storage.bytes.assumingMemoryBound(to: UInt8.self).baseAddress
    else { return }
    scale.apply(
      source, of: count, width: sampleSize, rows: rows.numbers, next: rows.next, to: target)
  }

  private func divide<Element: SampleElement>(
    _ rows: BatchRows, as type: Element.Type, _ scale: Float,
    _ samples: UnsafeMutableBufferPointer<Float>
  ) {
    forEachRow(rows, samples) { (source: UnsafePointer<Element>, target) in
      for index in 0..<sampleSize { target[index] = source[index].floatValue / scale }
    }
  }

  /// Calls `body` with the place of each of the `rows`, and the place in `samples` where it goes.
  @inline(__always)
  private func forEachRow<Element>(
    _ rows: BatchRows, _ samples: UnsafeMutableBufferPointer<Float>,
    _ body: (UnsafePointer<Element>, UnsafeMutablePointer<Float>) -> Void
  ) {
    let elements = UnsafeRawBufferPointer(storage.bytes).assumingMemoryBound(to: Element.self)
    guard let source = elements.baseAddress, let target = samples.baseAddress else { return }
    let rowBytes = sampleSize * elementType.size
    for (index, row) in rows.numbers.enumerated() {
      if index < rows.next.count {
        RowLoops.prefetch(rows.next[index], of: count, at: source, rowBytes: rowBytes)
      }
      body(source + Int(row) * sampleSize, target + index * sampleSize)
    }
  }

  /// The elements of sample `row` as they are stored. O(`sampleSize`).
  ///
  /// - Precondition: 0 ≤ `row` < `count`.
  public func stored(_ row: Int) -> [Float] {
    require((0..<count).contains(row), "row \(row) of \(count)")
    return [Float](unsafeUninitializedCapacity: sampleSize) { samples, initialized in
      withUnsafePointer(to: Int32(clamping: row)) { row in
        readSamples(
          BatchRows(UnsafeBufferPointer(start: row, count: 1)),
          into: UnsafeMutableBufferPointer(rebasing: samples[..<sampleSize]), scale: 1)
      }
      initialized = sampleSize
    }
  }
}
