import SkeinFiles

/// Reads and checks the files of one shard.
struct ShardReader {
  let folder: Folder
  let manifest: Manifest
  let shard: Manifest.Shard
  /// Whether SHA-256 is compared; tests switch it off to see the decoder alone.
  var checksHashes = true

  /// What one shard file was found to be.
  struct Outcome: Sendable {
    /// The file's name in the manifest.
    let file: String
    /// The file's identity; nil where it did not open or has another size.
    var stamp: FileStamp?
    var faults: [DataFault] = []
  }

  /// Whether both files are there, regular, and as long as the manifest says.
  func presence() throws -> [DataFault] {
    var faults: [DataFault] = []
    for entry in shard.files {
      do {
        _ = try open(entry, hashing: false)
      } catch let error as DataError {
        faults += error.faults
      }
    }
    return faults
  }

  /// Checks everything, and writes the elements to `samples` and the targets to `targets` where
  /// they are given; without them the data is decoded and let go. `workspace` is the thread's own.
  ///
  /// - Parameter targets: room of the dataset's own kind of targets.
  /// - Returns: The outcome for each of the shard's files, in their order.
  /// - Throws: Only what is no fault of the data.
  func read(
    samples: UnsafeMutableRawBufferPointer?, targets: TargetMemory?, in workspace: ShardWorkspace
  ) throws -> [Outcome] {
    var outcomes = [try check(shard.images, workspace) { try readImages($0, into: samples) }]
    if let file = shard.labels {
      outcomes.append(try check(file, workspace) { try readLabels($0, into: targets) })
    }
    if let file = shard.targets, let known = manifest.targets {
      outcomes.append(try check(file, workspace) { try readValues($0, known, into: targets) })
    }
    if let file = shard.weights {
      outcomes.append(try check(file, workspace) { try readWeights($0, into: targets?.weights) })
    }
    return outcomes
  }

  /// The same of the labels alone.
  ///
  /// - Returns: what is wrong with their file.
  /// - Throws: Only what is no fault of the data.
  func readLabels(
    into labels: UnsafeMutableBufferPointer<Int32>, _ workspace: ShardWorkspace
  ) throws -> [DataFault] {
    guard let file = shard.labels else { return [] }
    return try check(file, workspace) { try readLabels($0, into: .labels(labels)) }.faults
  }

  private func open(_ entry: Manifest.File, hashing: Bool) throws -> InputFile {
    try Self.open(entry, in: folder, hashing: hashing)
  }

  /// Opens a shard file that is as long as the manifest says.
  ///
  /// Stores of large files (Hugging Face, DVC, git-annex) put symbolic links into dataset folders,
  /// so a link as the last part of a name is followed. A manifest from a stranger can then name any
  /// file that its reader may read, so nothing of such a file is decoded or shown before its size
  /// and SHA-256 are the manifest's: whoever wrote those has the file already.
  static func open(_ entry: Manifest.File, in folder: Folder, hashing: Bool) throws -> InputFile {
    let file = try folder.openFile(entry.file, hashing: hashing, links: .follow)
    if file.isLink, file.stamp.size != entry.bytes { throw otherTarget(file) }
    guard file.stamp.size == entry.bytes else {
      throw DataError(
        file.name, expected: "\(entry.bytes) bytes, as dataset.json says",
        found: "\(file.stamp.size) bytes",
        advice: file.stamp.size < entry.bytes
          ? "the file was cut short; fetch it again" : "fetch the file and dataset.json together")
    }
    return file
  }

  private func check(
    _ entry: Manifest.File, _ workspace: ShardWorkspace, decode: (ZstdSource) throws -> Void
  ) throws -> Outcome {
    var outcome = Outcome(file: entry.file)
    do {
      let file = try open(entry, hashing: true)
      if let thread = workspace.hashThread(forFileOf: entry.bytes) { file.hash(on: thread) }
      // The next file has the same buffers.
      defer { file.settle() }
      outcome.stamp = file.stamp
      if file.isLink {
        try file.drain()
        guard file.hashText == entry.sha256 else { throw Self.otherTarget(file) }
        try file.rewind()
      }
      var fault: DataError?
      do {
        let source = ZstdSource(file, .oneFrame, in: try workspace.zstd(for: file.name))
        try source.requireFrame(contentSize: entry.rawBytes)
        try decode(source)
      } catch let error as DataError {
        fault = error
      }
      // A wrong hash says it all; what the decoder made of wrong bytes does not matter then.
      if checksHashes { try checkHash(of: file, entry) }
      if let fault { throw fault }
    } catch let error as DataError {
      outcome.faults = error.faults
    }
    return outcome
  }

  private static func otherTarget(_ file: InputFile) -> DataError {
    DataError(
      file.name, expected: "the file that dataset.json describes",
      found: "a symbolic link to another one",
      advice: "fetch file and dataset.json together, or put the file itself there, as cp -L does")
  }

  private func checkHash(of file: InputFile, _ entry: Manifest.File) throws {
    try file.drain()
    guard let found = file.hashText, found != entry.sha256 else { return }
    throw DataError(
      file.name, expected: "SHA-256 \(entry.sha256)", found: found,
      advice: "the file is not the one that dataset.json describes; fetch it again")
  }

  private func readImages(
    _ source: ZstdSource, into samples: UnsafeMutableRawBufferPointer?
  ) throws {
    let header = try IDXHeader.read(from: source)
    let shape = [shard.count] + manifest.sample.shape
    let type = manifest.sample.type
    guard header.type == type, header.shape == shape else {
      throw DataError(
        source.name, at: "IDX header",
        expected: "\(ArrayShape.text(shape)) \(type.rawValue), as dataset.json says",
        found: "\(ArrayShape.text(header.shape)) \(header.type.rawValue)")
    }
    if let samples {
      require(samples.count == header.payloadSize, "room for \(samples.count) bytes")
      try source.fillExactly(samples)
      ByteOrder.big.convert(samples, elementSize: type.size)
    } else {
      try chunks(of: header, source) { _, _ in }
    }
    try source.expectEnd()
  }

  private func readLabels(_ source: ZstdSource, into targets: TargetMemory?) throws {
    let labels = targets?.labels
    let header = try IDXHeader.read(from: source)
    guard header.type.isInteger, header.shape == [shard.count] else {
      throw DataError(
        source.name, at: "IDX header", expected: "\(shard.count) labels of an integer type",
        found: "\(ArrayShape.text(header.shape)) \(header.type.rawValue)")
    }
    var bad: (row: Int, label: Int32)?
    try chunks(of: header, source) { start, chunk in
      Labels.forEach(chunk, header.type) { index, label in
        labels?[start + index] = label
        if bad == nil, label < 0 || label >= manifest.classes.count {
          bad = (start + index, label)
        }
      }
    }
    try source.expectEnd()
    if let bad {
      throw DataError(
        source.name, at: "label of " + numbered([bad.row], "sample"),
        expected: "a class in 0…\(manifest.classes.count - 1)", found: "\(bad.label)")
    }
  }

  private func readValues(
    _ source: ZstdSource, _ known: Manifest.Targets, into targets: TargetMemory?
  ) throws {
    let values = targets?.values
    let header = try IDXHeader.read(from: source)
    let shape = [shard.count] + known.shape
    guard header.type == known.type, header.shape == shape else {
      throw DataError(
        source.name, at: "IDX header",
        expected: "\(ArrayShape.text(shape)) \(known.type.rawValue), as dataset.json says",
        found: "\(ArrayShape.text(header.shape)) \(header.type.rawValue)")
    }
    let (scaling, width) = (known.values, known.names.count)
    var bad: (place: Int, value: Double)?
    try chunks(of: header, source) { start, chunk in
      Numbers.forEach(chunk, header.type) { index, number in
        let (value, place) = (Float(number), start + index)
        values?[place] = value
        let isSound = value.isFinite && scaling.standardised(value, place % width).isFinite
        if bad == nil, !isSound { bad = (place, number) }
      }
    }
    try source.expectEnd()
    if let bad {
      throw DataError(
        source.name, at: "target of " + numbered([bad.place / width], "sample"),
        expected: "a number that is finite as float32, for \"\(known.names[bad.place % width])\"",
        found: "\(bad.value)")
    }
  }

  private func readWeights(
    _ source: ZstdSource, into weights: UnsafeMutableBufferPointer<Float>?
  ) throws {
    let header = try IDXHeader.read(from: source)
    guard header.type == .float32, header.shape == [shard.count] else {
      throw DataError(
        source.name, at: "IDX header", expected: "\(shard.count) float32, a weight per sample",
        found: "\(ArrayShape.text(header.shape)) \(header.type.rawValue)")
    }
    var bad: (row: Int, weight: Float)?
    try chunks(of: header, source) { start, chunk in
      Numbers.forEach(chunk, header.type) { index, number in
        let weight = Float(number)
        weights?[start + index] = weight
        if bad == nil, !SampleWeights.isSound(weight) { bad = (start + index, weight) }
      }
    }
    try source.expectEnd()
    if let bad {
      throw DataError(
        source.name, at: "weight of " + numbered([bad.row], "sample"),
        expected: SampleWeights.expected, found: "\(bad.weight)")
    }
  }

  /// Decodes all elements piece by piece, in the machine's byte order; `body` gets the number of a
  /// piece's first element.
  private func chunks(
    of header: IDXHeader, _ source: ZstdSource,
    _ body: (Int, UnsafeRawBufferPointer) -> Void
  ) throws {
    let size = header.type.size
    try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
      var done = 0
      while done < header.payloadSize {
        let length = min(buffer.count, header.payloadSize - done)
        let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<length])
        try source.fillExactly(piece)
        ByteOrder.big.convert(piece, elementSize: size)
        body(done / size, UnsafeRawBufferPointer(piece))
        done += length
      }
    }
  }
}
