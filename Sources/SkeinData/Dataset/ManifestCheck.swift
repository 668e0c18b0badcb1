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
    expect(manifest.format == 1, "format", "1, the only one there is", "\(manifest.format)")
    let classes = manifest.classes
    expect(!classes.isEmpty, "classes", "at least one class", "none")
    expect(Set(classes).count == classes.count, "classes", "names that differ", "a repeated name")
    let shape = manifest.sample.shape
    expect(
      (1...254).contains(shape.count), "sample.shape", "1 to 254 dimensions", "\(shape.count)")
    guard shape.allSatisfy({ $0 > 0 }), let size = ArrayShape.product(shape) else {
      expect(
        false, "sample.shape", "dimensions above 0 whose product can be counted",
        ArrayShape.text(shape))
      return
    }
    expect(!manifest.splits.isEmpty, "splits", "at least one split", "none")
    for name in manifest.splitNames { check(name, sampleSize: size) }
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
    // `count` fits 32 bits, so these products are safe.
    let labelBytes = [1, 2, 4].map { 8 + $0 * shard.count }
    expect(
      labelBytes.contains(shard.labels.rawBytes), "\(place).labels.rawBytes",
      "\(labelBytes[0]) for \(shard.count) labels of one byte (or two, or four)",
      "\(shard.labels.rawBytes)")
    check(shard.images, "\(place).images")
    check(shard.labels, "\(place).labels")
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
