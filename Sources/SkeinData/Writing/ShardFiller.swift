import SkeinFiles

/// Fills the shards of a split one after the other with samples from a stream, checks targets and
/// numbers on the way, and counts the samples of each class, or gathers the values' moments.
///
/// It reads a megabyte at a time and polls before each, so that a signal is heeded soon.
struct ShardFiller {
  /// The number of the next sample, from 0.
  private(set) var first = 0
  private let classes: [String]
  /// Samples of the whole split.
  private let total: Int
  private let allowsNonFinite: Bool
  private let poll: () throws -> Void
  private var nonFinite = NonFiniteSamples()
  /// Samples of each class so far.
  private var counts: [Int]
  /// How the values spread so far; nil where targets are classes.
  private(set) var moments: ValueMoments?
  /// The names of the outputs; none where targets are classes.
  private let outputs: [String]

  /// Most bytes of samples that are asked for at a time, unless one sample has more.
  private static let piece = 1 << 20

  /// - Parameters:
  ///   - manifest: of the dataset; a label is one of its classes.
  ///   - total: how many samples the split has.
  ///   - allowsNonFinite: whether samples may hold NaN or infinities.
  ///   - poll: called before each megabyte; throws to give up.
  init(
    _ manifest: Manifest, total: Int, allowsNonFinite: Bool, poll: @escaping () throws -> Void
  ) {
    classes = manifest.classes
    outputs = manifest.targets?.names ?? []
    moments = manifest.targets.map { ValueMoments(names: $0.names) }
    self.total = total
    self.allowsNonFinite = allowsNonFinite
    self.poll = poll
    counts = [Int](repeating: 0, count: classes.count)
  }

  /// Fills `payload` and `targets` with the next `count` samples of `stream`.
  ///
  /// - Precondition: both have room for just these samples.
  /// - Throws: `DataError`, what the stream throws, what `poll` throws.
  mutating func fill(
    _ payload: UnsafeMutableRawBufferPointer, _ targets: TargetMemory, count: Int,
    from stream: inout some SampleStream
  ) throws {
    let sampleBytes = payload.count / count
    let most = max(1, Self.piece / sampleBytes)
    for start in stride(from: 0, to: count, by: most) {
      let rows = start..<min(start + most, count)
      try poll()
      let samples = UnsafeMutableRawBufferPointer(
        rebasing: payload[(rows.lowerBound * sampleBytes)..<(rows.upperBound * sampleBytes)])
      let piece = targets.part(rows, outputs: outputs.count)
      try stream.next(samples: samples, targets: piece)
      try check(piece, of: stream.name)
      nonFinite.add(UnsafeRawBufferPointer(samples), stream.sample.type, count: rows.count)
      first += rows.count
    }
    guard nonFinite.samples > 0, !allowsNonFinite else { return }
    // The split is refused. Read on to say how many samples must be mended.
    try readOn(payload, targets, count, sampleBytes, &stream)
    throw nonFinite.error(in: stream.sampleName)
  }

  /// Checks the rest of the stream, in the memory of the shard that will not be written.
  private mutating func readOn(
    _ payload: UnsafeMutableRawBufferPointer, _ targets: TargetMemory, _ room: Int,
    _ sampleBytes: Int, _ stream: inout some SampleStream
  ) throws {
    let most = min(room, max(1, Self.piece / sampleBytes))
    while first < total {
      try poll()
      let count = min(most, total - first)
      let samples = UnsafeMutableRawBufferPointer(rebasing: payload[..<(count * sampleBytes)])
      try stream.next(samples: samples, targets: targets.part(0..<count, outputs: outputs.count))
      nonFinite.add(UnsafeRawBufferPointer(samples), stream.sample.type, count: count)
      first += count
    }
  }

  private mutating func check(_ targets: TargetMemory, of name: String) throws {
    if let bad = targets.weights?.firstIndex(where: { !SampleWeights.isSound($0) }) {
      throw DataError(
        name, at: "weight of " + numbered([first + bad], "sample"),
        expected: SampleWeights.expected, found: "\(targets.weights?[bad] ?? 0)")
    }
    switch targets.kind {
    case .labels(let labels): try count(labels, of: name)
    case .values(let values):
      if let bad = values.firstIndex(where: { !$0.isFinite }) {
        throw DataError(
          name, at: "target of " + numbered([first + bad / outputs.count], "sample"),
          expected: "a number that is finite as float32, for \"\(outputs[bad % outputs.count])\"",
          found: "\(values[bad])")
      }
      moments?.add(UnsafeBufferPointer(values))
    }
  }

  private mutating func count(
    _ labels: UnsafeMutableBufferPointer<Int32>, of name: String
  ) throws {
    for (index, label) in labels.enumerated() {
      guard label >= 0, label < classes.count else {
        throw DataError(
          name, at: "label of " + numbered([first + index], "sample"),
          expected: "a class in 0…\(classes.count - 1)", found: "\(label)",
          advice: "name every class, or correct the label")
      }
      counts[Int(label)] += 1
    }
  }

  /// What is strange about the samples so far; `file` is where they come from.
  func warnings(_ file: String) -> [String] {
    var warnings: [String] = []
    if nonFinite.samples > 0 { warnings.append(nonFinite.text(in: file)) }
    if let hint = ClassHint.quantities(samplesPerClass: counts, names: classes) {
      warnings.append(hint)
    }
    return warnings
  }
}
