/// `rows` in words: "sample 12, counted from 0", or "samples 12, 40 of split "test", counted from
/// 0"; of many the first eight, and how many there are. Files and arrays count from 0, people from
/// 1: so that nobody looks at the wrong sample, it is always said.
///
/// - Parameters:
///   - one: what each is, as "sample"; several have an s.
///   - whole: what they are of, as `split "test"`.
public func numbered(
  _ rows: some Collection<some BinaryInteger>, _ one: String, of whole: String? = nil
) -> String {
  let more = rows.count > 8 ? ", … (\(rows.count) in all)" : ""
  return "\(one)\(rows.count == 1 ? "" : "s") "
    + rows.prefix(8).map { "\($0)" }.joined(separator: ", ") + more
    + (whole.map { " of \($0)" } ?? "") + ", counted from 0"
}
