import SkeinFiles

/// One thing that is wrong with input data: where, what was expected, what was found, what to do.
public struct DataFault: Sendable, Equatable, CustomStringConvertible {
  /// The file as the user knows it: its path, or dataset folder and shard file.
  public var file: String
  /// Where in it: `byte 16`, `splits.train[0].count`; nil when the whole file is meant.
  public var place: String?
  /// What a right file has there.
  public var expected: String
  /// What stands there instead.
  public var found: String
  /// What the user can do about it; nil where expected and found say it all.
  public var advice: String?

  /// - Parameters:
  ///   - file: the file to blame, as the user knows it.
  ///   - place: where in it; nil for all of it.
  ///   - expected: a noun, as after "expected".
  ///   - found: a noun, as after "found".
  ///   - advice: what the user can do, without a full stop; nil for nothing more.
  public init(
    _ file: String, at place: String? = nil, expected: String, found: String,
    advice: String? = nil
  ) {
    self.file = file
    self.place = place
    self.expected = expected
    self.found = found
    self.advice = advice
  }

  /// `file: place: expected …, found …. Advice.` in one line without control characters.
  public var description: String {
    var text = file.printable(limit: 1000) + ": "
    if let place { text += place.printable() + ": " }
    text += "expected \(expected.printable(limit: 1000)), found \(found.printable(limit: 1000))"
    if let advice { text += "; \(advice.printable(limit: 1000))" }
    return text
  }
}

/// Input data that cannot be used, with everything that is wrong with it at once.
///
/// Thrown by whatever reads datasets, IDX and NumPy files. The command line ends with exit code 3.
public struct DataError: ExitCoded, Sendable, Equatable, CustomStringConvertible {
  /// The exit code of the command line for this error.
  public var exitCode: Int32 { 3 }

  /// What is wrong, in the order of the files; never empty.
  public let faults: [DataFault]

  /// An error with one fault.
  public init(_ fault: DataFault) {
    faults = [fault]
  }

  /// - Precondition: `faults` is not empty.
  public init(_ faults: [DataFault]) {
    require(!faults.isEmpty, "a DataError without faults")
    self.faults = faults
  }

  init(
    _ file: String, at place: String? = nil, expected: String, found: String,
    advice: String? = nil
  ) {
    self.init(DataFault(file, at: place, expected: expected, found: found, advice: advice))
  }

  /// `body` of each item, in order. An item whose data has faults does not hide those of the
  /// others.
  ///
  /// - Throws: `DataError` with the faults of all items, each once; anything else that `body`
  ///   throws, at once.
  public static func gather<Item, Value>(
    _ items: some Sequence<Item>, _ body: (Item) throws -> Value
  ) throws -> [Value] {
    var values: [Value] = []
    var faults: [DataFault] = []
    for item in items {
      do {
        values.append(try body(item))
      } catch let error as DataError {
        faults += error.faults.filter { !faults.contains($0) }
      }
    }
    guard faults.isEmpty else { throw DataError(faults) }
    return values
  }

  /// One line per fault; at most a thousand, then how many more there are.
  public var description: String {
    if faults.count == 1 { return faults[0].description }
    let shown = faults.prefix(1000)
    var lines = ["\(counted(faults.count, "fault")):"] + shown.map { "  " + $0.description }
    if faults.count > shown.count { lines.append("  and \(faults.count - shown.count) more") }
    return lines.joined(separator: "\n")
  }
}
