import SkeinKernels

extension Split {
  /// Copies the samples `rows` as `Float`, each element divided by `scale`, and their labels.
  ///
  /// An element x becomes Float(x) / `scale`, correctly rounded: the bits that PyTorch's
  /// `x.float() / scale` has. O(`rows.count` × `sampleSize`), no allocation.
  ///
  /// - Precondition: `rows` are in 0..<`count`, `samples` and `labels` have exactly the room they
  ///   need, and `scale` is finite and not 0.
  public func gather(
    _ rows: UnsafeBufferPointer<Int32>, scale: Float,
    samples: UnsafeMutableBufferPointer<Float>, labels: UnsafeMutableBufferPointer<Int32>
  ) {
    precondition(scale.isFinite && scale != 0, "scale \(scale)")
    precondition(
      samples.count == rows.count * sampleSize && labels.count == rows.count,
      "room for \(samples.count) values and \(labels.count) labels, for \(rows.count) samples of "
        + "\(sampleSize)"
    )
    // One check over all rows, so that the loops below need none.
    for row in rows where row < 0 || row >= count {
      preconditionFailure("row \(row) of \(count)")
    }
    withLabels { source in
      for (index, row) in rows.enumerated() { labels[index] = source[Int(row)] }
    }
    switch elementType {
    case .uint8 where ByteScale.isExact(scale): copyBytes(rows, ByteScale(scale), samples)
    case .uint8: copy(rows, as: UInt8.self, scale, samples)
    case .int8: copy(rows, as: Int8.self, scale, samples)
    case .int16: copy(rows, as: Int16.self, scale, samples)
    case .int32: copy(rows, as: Int32.self, scale, samples)
    case .float32: copy(rows, as: Float.self, scale, samples)
    case .float64: copy(rows, as: Double.self, scale, samples)
    }
  }

  /// Asks for the rows' cache lines: shuffled rows lie anywhere in memory, and waiting for them was
  /// a seventh of a small network's training step. Rows out of bounds are left for `gather` to
  /// refuse.
  public func prefetch(_ rows: UnsafeBufferPointer<Int32>) {
    guard let base = UnsafeRawBufferPointer(storage.bytes).baseAddress else { return }
    RowLoops.prefetch(rows, of: count, at: base, rowBytes: sampleSize * elementType.size)
  }

  private func copyBytes(
    _ rows: UnsafeBufferPointer<Int32>, _ scale: ByteScale,
    _ samples: UnsafeMutableBufferPointer<Float>
  ) {
    let elements = UnsafeRawBufferPointer(storage.bytes).assumingMemoryBound(to: UInt8.self)
    guard let source = elements.baseAddress, let target = samples.baseAddress else { return }
    for (index, row) in rows.enumerated() {
      scale.apply(source + Int(row) * sampleSize, to: target + index * sampleSize, sampleSize)
    }
  }

  private func copy<Element: SampleElement>(
    _ rows: UnsafeBufferPointer<Int32>, as type: Element.Type, _ scale: Float,
    _ samples: UnsafeMutableBufferPointer<Float>
  ) {
    let elements = UnsafeRawBufferPointer(storage.bytes).assumingMemoryBound(to: Element.self)
    guard let source = elements.baseAddress, let target = samples.baseAddress else { return }
    for (index, row) in rows.enumerated() {
      divide(source + Int(row) * sampleSize, scale, target + index * sampleSize, sampleSize)
    }
  }
}

private func divide<Element: SampleElement>(
  _ source: UnsafePointer<Element>, _ scale: Float, _ target: UnsafeMutablePointer<Float>,
  _ count: Int
) {
  for index in 0..<count { target[index] = source[index].floatValue / scale }
}

extension Split {
  /// The elements of sample `row` as `Float`. O(`sampleSize`), for looking at single samples.
  ///
  /// - Precondition: 0 ≤ `row` < `count`.
  public func values(at row: Int) -> [Float] {
    precondition((0..<count).contains(row), "row \(row) of \(count)")
    var label: Int32 = 0
    return [Float](unsafeUninitializedCapacity: sampleSize) { samples, initialized in
      withUnsafePointer(to: Int32(clamping: row)) { row in
        withUnsafeMutablePointer(to: &label) { label in
          gather(
            UnsafeBufferPointer(start: row, count: 1), scale: 1,
            samples: UnsafeMutableBufferPointer(rebasing: samples[..<sampleSize]),
            labels: UnsafeMutableBufferPointer(start: label, count: 1))
        }
      }
      initialized = sampleSize
    }
  }
}
