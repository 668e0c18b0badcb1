import Foundation

/// Prints `value` as JSON, keys sorted.
func printJSON(_ value: some Encodable) throws {
  print(try jsonText(value))
}

/// `value` as JSON, keys sorted, without a line end.
func jsonText(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
