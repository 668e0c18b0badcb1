import SkeinModel
import SkeinRecord
import SkeinSafetensors
import SkeinTraining

extension EpochRecord {
  private static let formats = RecordReader.Formats(
    present: "skein-history-epoch-2", firstEdition: "skein-history-epoch-1")

  /// More bytes than an epoch's file can have, for a network of `network`.
  ///
  /// The file holds one byte per parameter, scales and biases, the results of the probe and of the
  /// evaluation, and the header.
  static func largestFile(of network: Network) -> Int {
    let neurons = network.widths.dropFirst().reduce(0, +)
    let classes = network.outputs
    let mistakes = 4 * network.inputs * Mistake.limit
    // Files of the first edition hold a count for every pair of classes.
    let pairs = 24 * Confusion.limit + 24 * classes + 8 * classes * classes
    let layers = 2 * 1024 * network.widths.count
    // Values and predictions of the kept samples and of those with the largest errors.
    let values =
      8 * (ValueRecord.limit + classes * (1 + Mistake.limit)) + 8 * ValueRecord.mostRows
    return network.layout.parameterCount + 8 * neurons + mistakes + pairs + layers + values
      + Safetensors.maximumHeader + (1 << 20)
  }

  /// The bytes of the file: about one per parameter. O(parameters).
  ///
  /// - Precondition: the probe has looked at every layer.
  func encode() -> [UInt8] {
    var tensors: [Safetensors.Tensor] = []
    func add(_ name: String, _ shape: [Int], _ values: Safetensors.Values) {
      tensors.append(.init(name: name, shape: shape, values: values))
    }
    var metadata = [
      "format": Self.formats.present, "epoch": String(epoch), "step": String(step),
      "layers": String(layers.count), "explained": String(explained),
    ]
    for (index, layer) in layers.enumerated() {
      let name = "layers.\(index)."
      let weights = layer.quantized
      guard let weightHistogram = layer.weightHistogram,
        let gradientHistogram = layer.gradientHistogram, let gradientNorm = layer.gradientNorm
      else { preconditionFailure("layer \(index) of epoch \(epoch) was not probed") }
      add(name + "codes", weights.shape, .uint8(weights.codes))
      add(name + "scales", [weights.scales.count], .float32(weights.scales))
      add(name + "bias", [layer.biases.count], .float32(layer.biases))
      if let slope = layer.slope { add(name + "slope", [1], .float32([slope])) }
      for (part, histogram) in [
        ("weight", weightHistogram), ("gradient", gradientHistogram),
      ] {
        add(
          name + part + ".counts", [histogram.counts.count],
          .int64(histogram.counts.map(Int64.init)))
        add(name + part + ".range", [2], .float32([histogram.low, histogram.high]))
        metadata[name + part + ".sum"] = String(histogram.sum)
        metadata[name + part + ".sumOfSquares"] = String(histogram.sumOfSquares)
      }
      metadata[name + "gradientNorm"] = String(gradientNorm)
      if let dead = layer.deadUnits { metadata[name + "dead"] = String(dead) }
    }
    add("plane", [plane.count / 2, 2], .float32(plane))
    confusion.add(to: &metadata, add)
    add("mistakes", [mistakes.count, 3], .int64(mistakes.flatMap(\.numbers)))
    add("mistakes.score", [mistakes.count], .float32(mistakes.map(\.storedScore)))
    for (index, mistake) in mistakes.enumerated() {
      add("mistakes.\(index)", [mistake.sample.count], mistake.sample.tensorValues)
    }
    values?.add(to: &metadata, add)
    return Safetensors(tensors: tensors, metadata: metadata).encodeSealed()
  }

  /// Reads what `encode` wrote. O(bytes).
  ///
  /// - Throws: `FormatError` for a file that is damaged or holds no epoch's record.
  init(decoding bytes: [UInt8], file: String) throws {
    let stored = try RecordReader(bytes, file: file, formats: Self.formats)
    let epoch = try stored.count("epoch")
    let step = try stored.count("step")
    let explained = try stored.number("explained")
    let count = try stored.count("layers", in: 1..<1001)
    let layers = try (0..<count).map { try LayerRecord(stored, "layers.\($0).") }
    for (layer, next) in zip(layers, layers.dropFirst())
    where layer.outputs != next.inputs {
      throw stored.fault("layers", expected: "widths that fit each other")
    }
    let plane = try stored.floats("plane")
    guard plane.count % 2 == 0 else { throw stored.fault("plane", expected: "pairs of numbers") }
    let (inputs, classes) = (layers[0].inputs, layers[count - 1].outputs)
    let confusion = try Confusion(stored, classes: classes)
    let numbers = try stored.integers("mistakes")
    let scores = try stored.floats("mistakes.score")
    guard numbers.count == 3 * scores.count else {
      throw stored.fault("mistakes", expected: "three numbers and a score each")
    }
    let mistakes = try scores.indices.map { index in
      let mistake = MistakeRecord(
        row: numbers[3 * index], label: numbers[3 * index + 1],
        predicted: numbers[3 * index + 2], score: Double(scores[index]),
        sample: try stored.samples("mistakes.\(index)"))
      guard (0..<classes).contains(mistake.label), (0..<classes).contains(mistake.predicted),
        mistake.sample.count == inputs
      else { throw stored.fault("mistakes", expected: "samples with two classes") }
      return mistake
    }
    self.init(
      epoch: epoch, step: step, layers: layers, plane: plane, explained: explained,
      confusion: confusion, mistakes: mistakes,
      values: try ValueRecord(stored, outputs: classes, inputs: inputs))
  }
}

extension MistakeRecord {
  fileprivate var numbers: [Int64] { [Int64(row), Int64(label), Int64(predicted)] }

  /// The score, or 0 where it is not finite. A network's output may be NaN or infinite, and a file
  /// holds finite numbers only.
  fileprivate var storedScore: Float {
    let score = Float(score)
    return score.isFinite ? score : 0
  }
}

extension LayerRecord {
  /// The weights in six bits each, as the file holds them.
  fileprivate var quantized: QuantizedMatrix {
    switch weights {
    case .quantized(let matrix): matrix
    case .exact(let values):
      values.withUnsafeBufferPointer { QuantizedMatrix($0, rows: outputs, columns: inputs) }
    }
  }

  fileprivate init(_ stored: RecordReader, _ name: String) throws {
    func histogram(_ part: String) throws -> Histogram {
      let range = try stored.floats(name + part + ".range")
      let counts = try stored.integers(name + part + ".counts")
      guard range.count == 2, range[0] <= range[1], counts.count == Histogram.bins
      else { throw stored.fault(name + part, expected: "a histogram") }
      return Histogram(
        low: range[0], high: range[1], counts: counts,
        sum: try stored.number(name + part + ".sum"),
        sumOfSquares: try stored.number(name + part + ".sumOfSquares"))
    }
    let shape = stored.shape(name + "codes")
    let weights = QuantizedMatrix(
      shape: shape, codes: try stored.bytes(name + "codes"),
      scales: try stored.floats(name + "scales"))
    let biases = try stored.floats(name + "bias")
    let slope = stored.has(name + "slope") ? try stored.floats(name + "slope").first : nil
    guard shape.count == 2, shape[0] > 0, shape[1] > 0, weights.scales.count == shape[0],
      biases.count == shape[0], weights.codes.allSatisfy({ $0 <= QuantizedMatrix.largestCode })
    else { throw stored.fault(name, expected: "codes [out, in] with a scale and a bias per row") }
    let dead = name + "dead"
    self.init(
      outputs: shape[0], inputs: shape[1], weights: .quantized(weights), biases: biases,
      slope: slope, weightHistogram: try histogram("weight"),
      gradientHistogram: try histogram("gradient"),
      gradientNorm: try stored.number(name + "gradientNorm"),
      deadUnits: stored.metadata(dead) == nil
        ? nil : try stored.count(dead, in: 0..<(shape[0] + 1)))
  }
}
