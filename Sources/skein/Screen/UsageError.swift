/// Arguments that are each right and do not go together; the command line ends with exit code 2.
struct UsageError: Error, CustomStringConvertible {
  let description: String
}
