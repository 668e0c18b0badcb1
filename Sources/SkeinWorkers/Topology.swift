import CHwloc
import SkeinFiles

/// The processing units (PUs) that a process may use, and what they share: cores, caches, NUMA
/// nodes and packages. A PU is what the system schedules a thread on; a core has one, or one per
/// SMT sibling.
public struct Topology: Sendable, Equatable {
  /// One PU. All numbers but `system` count from 0 through the machine, in its order, and name what
  /// the PU shares with others of the same number.
  public struct Unit: Sendable, Equatable {
    /// What the system calls it: a number as `taskset` takes it.
    public let system: Int
    /// Its core, shared by SMT siblings.
    public let core: Int
    /// Its cache domain: the cores that share the outermost cache, or a package where none is
    /// shared or known.
    public let domain: Int
    /// Its NUMA node: the memory that is near.
    public let node: Int
    /// Its package: what sits in a socket.
    public let package: Int
  }

  /// The PUs, in the order in which they lie in the machine.
  public let units: [Unit]

  init(units: [Unit]) { self.units = units }

  /// How many packages, NUMA nodes, cache domains, cores and PUs there are, in words.
  public var text: String {
    func number(of property: (Unit) -> Int) -> Int { Set(units.map(property)).count }
    return [
      counted(number(of: \.package), "package"), counted(number(of: \.node), "NUMA node"),
      counted(number(of: \.domain), "cache domain"), counted(number(of: \.core), "core"),
      counted(units.count, "PU"),
    ].joined(separator: ", ")
  }
}
