import SkeinFiles

/// Whether workers stay on the processing units (PUs) that are chosen for them.
public enum Pinning: Sendable, Hashable {
  /// Each worker stays in its cache domain, and the system moves it within: where the machine has
  /// several domains, and the process may use all of it. Elsewhere as `none`.
  case auto
  /// The system chooses.
  case none
  /// Worker i stays on the PU that the system calls `list[i]`. There are no more workers than PUs.
  case list([Int])

  /// The largest number that a PU can have in `list`.
  public static let largestUnit = 65_535

  /// How many workers there can be: as many as a list has PUs, and else any number.
  ///
  /// - Throws: `PinningError` where a list has a PU that the process may not use.
  package var mostWorkers: Int {
    get throws {
      guard case .list(let list) = self else { return .max }
      let allowed = Machine.allowedUnits
      guard let unit = list.first(where: { !allowed.contains($0) }) else { return list.count }
      throw PinningError(unit: unit, allowed: allowed.sorted())
    }
  }
}

/// A list of PUs names one that the process may not use. The command line ends with exit code 2.
public struct PinningError: ExitCoded, Sendable, Equatable, CustomStringConvertible {
  /// The exit code of the command line for this error.
  public var exitCode: Int32 { 2 }

  /// The first such PU.
  public let unit: Int
  /// Those that the process may use, in rising order.
  public let allowed: [Int]

  /// Which one, and which there are, in one line.
  public var description: String {
    "parallel.pin: the process may not use PU \(unit) of this machine; it may use "
      + allowed.map(String.init).joined(separator: ", ")
  }
}
