/// A number with its noun, as people write it: "1 thread", "2 threads", "0 batches".
///
/// - Parameter plural: the noun for any number but 1; else `noun` with an s.
public func counted(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
}
