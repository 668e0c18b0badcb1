import Foundation
import SkeinData
import SkeinFiles

/// `data.json`: the run's `RunData`, with a SHA-256 over it.
extension RunFolder {
  /// The file's two parts.
  private struct Sealed: Codable {
    var contents: RunData
    /// The SHA-256 of `contents`, in hexadecimal. It is taken over canonical JSON: keys sorted, no
    /// spaces, slashes not escaped.
    var sha256: String
  }

  /// The most bytes that the file may have. 32,768 class names fit.
  private static let largestData = 32 << 20

  /// The path of `data.json`.
  public var dataFile: String { path + "/data.json" }

  /// Reads `data.json`; nil where there is none, as in runs of the first edition.
  ///
  /// - Throws: `FormatError` for a file that is damaged or cannot be read.
  public func data() throws -> RunData? {
    guard FolderListing.kind(of: dataFile) != nil else { return nil }
    func fault(_ what: String, _ expected: String, _ found: String) -> FormatError {
      FormatError(
        file: dataFile, what: what, expected: expected, found: found,
        advice: "it is damaged, or from another version: take it from a copy of the run, or let "
          + "skein train --resume write it again")
    }
    let bytes: [UInt8]
    do {
      bytes = try WholeFile.read(dataFile, atMost: Self.largestData)
    } catch {
      throw fault("file", "at most \(Self.largestData) bytes of JSON", "\(error)")
    }
    guard let sealed = try? JSONDecoder().decode(Sealed.self, from: Data(bytes)) else {
      throw fault("file", "what a run knows of its samples, as JSON", "something else")
    }
    if let twice = JSONKeys.repeated(in: bytes).first {
      throw fault("line \(twice.line)", "keys that differ", "\"\(twice.key)\" twice")
    }
    let digest = try Self.digest(sealed.contents)
    guard digest == sealed.sha256 else { throw fault("SHA-256", sealed.sha256, digest) }
    let contents = sealed.contents
    guard contents.sampleSize != nil, contents.hasSoundTargets, contents.scale.isFinite,
      contents.scale > 0
    else {
      throw fault(
        "contents", "a shape, classes or values, and a scale > 0",
        "shape \(contents.shape.prefix(8)), \(counted(contents.classes.count, "class", "classes"))")
    }
    if let features = contents.features, !Feature.make(features, contents.shape) {
      throw fault(
        "contents", "features that make samples of shape \(contents.shape.prefix(8))", "others")
    }
    return contents
  }

  /// What the run's history says about its samples, and `checkpoint` about their dataset; nil
  /// without a history.
  ///
  /// Runs of the first edition have no `data.json`. Their history takes its place.
  ///
  /// - Parameter checkpoint: the path of one of the run's checkpoints.
  /// - Throws: `FormatError` for a damaged history, `FileSystemError` where it cannot be read.
  public func recordedData(checkpoint: String) throws -> RunData? {
    guard let record = try history.run() else { return nil }
    let facts = record.facts
    let type: ElementType = if case .bytes = record.samples.elements { .uint8 } else { .float32 }
    return RunData(
      dataset: facts.dataset, identity: CheckpointLabel(checkpoint)?.dataset ?? "",
      classes: facts.classes, targets: facts.targets.map(ValueTargets.init),
      shape: facts.sampleShape, type: type, scale: facts.scale)
  }

  /// Writes `data.json`.
  ///
  /// - Throws: `FileSystemError`.
  public func write(_ data: RunData) throws {
    let sealed = Sealed(contents: data, sha256: try Self.digest(data))
    try AtomicFile.write(
      [Array(try Self.canonical(sealed)), [UInt8(ascii: "\n")]], to: dataFile, through: calls)
  }

  private static func digest(_ data: RunData) throws -> String {
    SHA256.hexadecimal(of: Array(try canonical(data)))
  }

  private static func canonical(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value)
  }
}
