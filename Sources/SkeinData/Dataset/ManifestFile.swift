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
    switch error {
    case .keyNotFound(let key, let context):
      let place = path(context.codingPath)
      return DataFault(
        file, at: place.isEmpty ? nil : place, expected: "the key \"\(key.stringValue)\"",
        found: "none")
    case .typeMismatch(let type, let context):
      return DataFault(
        file, at: path(context.codingPath), expected: name(of: type),
        found: "something else: \(context.debugDescription)")
    case .valueNotFound(let type, let context):
      return DataFault(
        file, at: path(context.codingPath), expected: name(of: type), found: "null")
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
      return DataFault(
        file, at: path(context.codingPath), expected: "a value in range",
        found: context.debugDescription)
    default:
      return DataFault(
        file, expected: "JSON as skein data pack writes it",
        found: FileSignature.describe(Array(bytes.prefix(32))), advice: reason(error))
    }
  }

  /// The parser's own words, with line and column.
  private static func reason(_ error: DecodingError) -> String? {
    guard case .dataCorrupted(let context) = error else { return nil }
    return context.underlyingError.map { "the JSON parser says: \($0)" }
      ?? context.debugDescription
  }

  private static func name(of type: any Any.Type) -> String {
    switch type {
    case is Int.Type: return "a whole number"
    case is String.Type: return "a text"
    case is [Any].Type: return "a list"
    default: return "an object of another kind (\(type))"
    }
  }

  /// `splits.train[0].images.bytes`.
  private static func path(_ keys: [any CodingKey]) -> String {
    var text = ""
    for key in keys {
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += (text.isEmpty ? "" : ".") + key.stringValue
      }
    }
    return text
  }
}
