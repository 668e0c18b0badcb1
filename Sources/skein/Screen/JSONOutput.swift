import SkeinReport

/// Prints `value` as JSON, keys sorted.
func printJSON(_ value: some Encodable) throws {
  print(try JSONText.encode(value, isPretty: true))
}
