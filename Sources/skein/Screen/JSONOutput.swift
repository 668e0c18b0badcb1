import SkeinReport

/// Prints `value` as JSON with sorted keys.
func printJSON(_ value: some Encodable) throws {
  print(try JSONText.encode(value, isPretty: true))
}
