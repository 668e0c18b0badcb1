#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads and writes `dataset.json`.
enum ManifestFile {
  /// Largest `dataset.json` that is read: some 30,000 shards.
  static let sizeLimit = 16 << 20

  /// Reads and checks the manifest in `folder`.
  ///
  /// - Throws: `DataError` with every fault that it has.
  static func read(from folder: Folder) throws -> Manifest {
    // The user named this file by naming its folder, so it may be a link into a store.
    let file = try folder.openFile(Manifest.fileName, links: .follow)
    guard file.stamp.size <= sizeLimit else {
      throw DataError(
        file.name, expected: "at most \(sizeLimit) bytes", found: "\(file.stamp.size) bytes")
    }
    let bytes = try file.bytes(file.stamp.size)
    let manifest = try decode(bytes, file: file.name)
    let faults = ManifestCheck.faults(of: manifest, file: file.name)
    guard faults.isEmpty else { throw DataError(faults) }
    return manifest
  }

  /// The manifest as text: keys sorted, so that equal datasets give equal files.
  static func encode(_ manifest: Manifest) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try Array(encoder.encode(manifest)) + [0x0A]
  }

  private static func decode(_ bytes: [UInt8], file: String) throws -> Manifest {
    do {
      let manifest = try JSONDecoder().decode(Manifest.self, from: Data(bytes))
      let repeated = JSONKeys.repeated(in: bytes)
      guard repeated.isEmpty else {
        throw DataError(
          repeated.map {
            DataFault(
              file, at: "line \($0.line), column \($0.column)", expected: "keys that differ",
              found: "\"\($0.key)\" again in \($0.path.isEmpty ? "the outermost object" : $0.path)",
              advice: "which of the two holds is anybody's guess; remove one")
          })
      }
      return manifest
    } catch let error as DecodingError {
      throw DataError(explain(error, bytes: bytes, file: file))
    }
  }

  private static func explain(
    _ error: DecodingError, bytes: [UInt8], file: String
  ) -> DataFault {
    guard let fault = JSONFault(error) else {
      let isJSON = (try? JSONDecoder().decode(AnyJSON.self, from: Data(bytes))) != nil
      // No number of a manifest has a fraction; keys of others' may, and are passed over. What no
      // number can be is refused wherever it stands.
      if isJSON,
        let number = JSONKeys.numbersBesideInt(in: bytes).first(where: {
          isOfManifest($0.path) || abs(Double($0.text) ?? .infinity) >= 0x1p63
        })
      {
        let isValue = number.path.hasPrefix("targets.") && !number.path.hasPrefix("targets.shape")
        return DataFault(
          file, at: number.path,
          expected: isValue ? "a finite number" : "a whole number below 2^63", found: number.text)
      }
      return DataFault(
        file, expected: "JSON as skein data pack writes it",
        found: FileSignature.describe(Array(bytes.prefix(32))), advice: reason(error))
    }
    return DataFault(file, at: fault.place, expected: fault.expected, found: fault.found)
  }

  /// Whether the key at `path` is one that a manifest has a number at.
  private static func isOfManifest(_ path: String) -> Bool {
    path == "format" || path == "table.columns" || path.hasPrefix("sample.shape[")
      || path.hasPrefix("targets.shape[")
      || path.hasPrefix("splits.")
        && [".count", ".bytes", ".rawBytes"].contains { path.hasSuffix($0) }
  }

  /// Reads whatever is well formed.
  private struct AnyJSON: Decodable {
    init(from decoder: any Decoder) {}
  }

  /// The parser's own words, with line and column.
  private static func reason(_ error: DecodingError) -> String? {
    guard case .dataCorrupted(let context) = error else { return nil }
    return context.underlyingError.map { "the JSON parser says: \($0)" }
      ?? context.debugDescription
  }
}
