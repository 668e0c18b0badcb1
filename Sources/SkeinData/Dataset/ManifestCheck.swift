/// What has to hold between the numbers of a manifest before any of them is used.
struct ManifestCheck {
  private let file: String
  private let manifest: Manifest
  private var faults: [DataFault] = []

  /// - Returns: Everything that is wrong with `manifest`, which was read from `file`.
  static func faults(of manifest: Manifest, file: String) -> [DataFault] {
    var check = ManifestCheck(file: file, manifest: manifest)
    check.run()
    return check.faults
  }

  private init(file: String, manifest: Manifest) {
    self.file = file
    self.manifest = manifest
  }

  private mutating func expect(
    _ holds: Bool, _ place: String, _ expected: String, _ found: String
  ) {
    guard !holds else { return }
    faults.append(DataFault(file, at: place, expected: expected, found: found))
  }

  private mutating func run() {
    expect([1, 2].contains(manifest.format), "format", "1 or 2", "\(manifest.format)")
    if let targets = manifest.targets { check(targets) } else { checkClasses() }
    let shape = manifest.sample.shape
    expect(
      (1...254).contains(shape.count), "sample.shape", "1 to 254 dimensions", "\(shape.count)")
    guard shape.allSatisfy({ $0 > 0 }), let size = ArrayShape.product(shape) else {
      expect(
        false, "sample.shape", "dimensions above 0 whose product can be counted",
        ArrayShape.text(shape))
      return
    }
    checkFeatures(sampleSize: size)
    expect(!manifest.splits.isEmpty, "splits", "at least one split", "none")
    for name in manifest.splitNames { check(name, sampleSize: size) }
  }

  private mutating func checkClasses() {
    let classes = manifest.classes
    expect(!classes.isEmpty, "classes", "at least one class", "none")
    expect(Set(classes).count == classes.count, "classes", "names that differ", "a repeated name")
  }

  private mutating func check(_ targets: Manifest.Targets) {
    expect(
      manifest.format != 1, "format", "2, for targets that are values", "\(manifest.format)")
    expect(
      manifest.classes.isEmpty, "classes", "no classes beside targets that are values",
      "\(manifest.classes.count)")
    let count = targets.names.count
    expect(count > 0, "targets.names", "at least one output", "none")
    expect(
      Set(targets.names).count == count, "targets.names", "names that differ", "a repeated name")
    expect(
      targets.shape == [count], "targets.shape", "[\(count)], one value per name",
      "\(targets.shape.prefix(8))")
    expect(
      (targets.mean == nil) == (targets.deviation == nil), "targets",
      "both mean and deviation, or none", targets.mean == nil ? "deviation alone" : "mean alone")
    for (key, numbers) in [("mean", targets.mean), ("deviation", targets.deviation)] {
      guard let numbers else { continue }
      let place = "targets.\(key)"
      expect(numbers.count == count, place, "\(count), one per name", "\(numbers.count)")
      for (index, number) in numbers.enumerated() where index < count {
        expect(
          number.isFinite && (key == "mean" || number > 0), "\(place)[\(index)]",
          key == "mean"
            ? "a finite number"
            : "a number above 0: a target that is constant cannot be standardised",
          "\(number), of \"\(targets.names[index])\"")
      }
    }
  }

  private mutating func checkFeatures(sampleSize: Int) {
    guard let features = manifest.features else {
      return expect(manifest.table == nil, "table", "features beside it", "none")
    }
    expect(manifest.format >= 2, "features", "format 2", "\(manifest.format)")
    expect(
      manifest.sample.type == .float32, "sample.type", "float32, as features are stored",
      manifest.sample.type.rawValue)
    for (index, feature) in features.enumerated() {
      guard let fault = feature.fault else { continue }
      expect(false, "features[\(index)].\(fault.key)", fault.expected, fault.found)
    }
    expect(
      Set(features.map(\.name)).count == features.count, "features", "names that differ",
      "a repeated name")
    // Each level stands in the file, so this sum fits.
    let width = features.reduce(0) { $0 + $1.width }
    expect(
      width == sampleSize, "features", "\(sampleSize) elements, as sample.shape says", "\(width)")
    if let columns = manifest.table?.columns {
      expect(columns > 0, "table.columns", "a number above 0", "\(columns)")
    }
  }

  private mutating func check(_ split: String, sampleSize: Int) {
    let shards = manifest.splits[split] ?? []
    let place = "splits.\(split)"
    expect(!split.isEmpty, "splits", "split names", "an empty name")
    expect(!shards.isEmpty, place, "at least one shard", "none")
    var total = 0
    for (index, shard) in shards.enumerated() {
      check(shard, "\(place)[\(index)]", sampleSize: sampleSize)
      total = ArrayShape.sum(total, max(0, shard.count)) ?? .max
    }
    let weighted = shards.count { $0.weights != nil }
    expect(
      weighted == 0 || weighted == shards.count, place, "weights in all shards, or in none",
      "\(weighted) of \(shards.count) with weights")
    // Rows are numbered in 32 bits.
    expect(total <= Int(Int32.max), place, "at most \(Int32.max) samples", "\(total)")
  }

  private mutating func check(_ shard: Manifest.Shard, _ place: String, sampleSize: Int) {
    let type = manifest.sample.type
    let shape = [shard.count] + manifest.sample.shape
    guard let header = IDXHeader(type: type, shape: shape) else {
      expect(false, "\(place).count", "a count above 0 that IDX can hold", "\(shard.count)")
      return
    }
    let imageBytes = header.size + header.payloadSize
    expect(
      shard.images.rawBytes == imageBytes, "\(place).images.rawBytes",
      "\(imageBytes) for \(ArrayShape.text(shape)) \(type.rawValue)", "\(shard.images.rawBytes)")
    check(shard.images, "\(place).images")
    if let targets = manifest.targets {
      checkValues(shard, targets, place)
    } else {
      checkLabels(shard, place)
    }
    if let file = shard.weights { checkWeights(file, shard, place) }
  }

  private mutating func checkWeights(
    _ file: Manifest.File, _ shard: Manifest.Shard, _ place: String
  ) {
    expect(manifest.format >= 2, "\(place).weights", "format 2", "\(manifest.format)")
    // `count` fits 32 bits, so this product is safe.
    let bytes = 8 + 4 * shard.count
    expect(
      file.rawBytes == bytes, "\(place).weights.rawBytes",
      "\(bytes) for \(shard.count) float32", "\(file.rawBytes)")
    check(file, "\(place).weights")
  }

  private mutating func checkLabels(_ shard: Manifest.Shard, _ place: String) {
    expect(
      shard.targets == nil, "\(place).targets", "labels alone, as dataset.json has classes",
      "a file of values")
    guard let labels = shard.labels else {
      return expect(false, "\(place).labels", "the file of the labels", "nothing")
    }
    // `count` fits 32 bits, so these products are safe.
    let labelBytes = [1, 2, 4].map { 8 + $0 * shard.count }
    expect(
      labelBytes.contains(labels.rawBytes), "\(place).labels.rawBytes",
      "\(labelBytes[0]) for \(shard.count) labels of one byte (or two, or four)",
      "\(labels.rawBytes)")
    check(labels, "\(place).labels")
  }

  private mutating func checkValues(
    _ shard: Manifest.Shard, _ targets: Manifest.Targets, _ place: String
  ) {
    expect(
      shard.labels == nil, "\(place).labels", "targets alone, as dataset.json has no classes",
      "a file of labels")
    guard let file = shard.targets else {
      return expect(false, "\(place).targets", "the file of the values", "nothing")
    }
    guard let header = IDXHeader(type: targets.type, shape: [shard.count] + targets.shape) else {
      return expect(
        false, "\(place).count", "a count of values that IDX can hold", "\(shard.count)")
    }
    let bytes = header.size + header.payloadSize
    expect(
      file.rawBytes == bytes, "\(place).targets.rawBytes",
      "\(bytes) for \(ArrayShape.text(header.shape)) \(targets.type.rawValue)",
      "\(file.rawBytes)")
    check(file, "\(place).targets")
  }

  private mutating func check(_ entry: Manifest.File, _ place: String) {
    expect(entry.bytes > 0, "\(place).bytes", "a size above 0", "\(entry.bytes)")
    let most = ArrayShape.product([max(0, entry.bytes), ZstdSource.largestRatio]) ?? .max
    expect(
      entry.rawBytes <= most, "\(place).rawBytes",
      "at most \(most), which \(entry.bytes) compressed bytes can hold", "\(entry.rawBytes)")
    let digits = entry.sha256.utf8
    let hexadecimal = digits.allSatisfy {
      (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
    }
    expect(
      digits.count == 64 && hexadecimal, "\(place).sha256", "64 lower-case hexadecimal digits",
      "\"\(entry.sha256)\"")
  }
}
