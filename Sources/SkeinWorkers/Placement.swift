/// Where each worker is to run: a pure function of the machine, the number of workers and the job's
/// wish.
///
/// Parameters are not replicated per NUMA node. Copies would save reads from far memory in forward
/// and backward passes, and cost a write of every updated block to each node. Which is more, only a
/// machine with several nodes can tell, and none was at hand to measure it.
struct Placement: Equatable {
  /// The cache domain of each worker; the same one for all where they are not bound.
  let domains: [Int]
  /// The PUs that each worker stays on, as the system numbers them; nil where workers are not
  /// bound.
  let units: [[Int]]?
  /// What was done and why, in words.
  let text: String

  /// The placement of `workers` workers on this machine.
  static func onThisMachine(_ pinning: Pinning, workers: Int) -> Placement {
    let isWhole = Machine.isWholeMachine
    let isWanted =
      switch pinning {
      case .none: false
      case .list: true
      // Several cores each make two domains of four PUs at least; and reading the topology takes
      // about as long as loading a small dataset.
      case .auto: workers > 1 && isWhole && Machine.allowedUnits.count >= 4
      }
    return Placement(
      pinning, workers: workers, topology: isWanted ? Topology.machine : nil, isWhole: isWhole)
  }

  /// - Parameters:
  ///   - workers: how many, > 0.
  ///   - topology: the PUs that the process may use; nil where the machine has one cache domain, or
  ///     where it is not known.
  ///   - isWhole: whether these are all PUs of the machine, for all of the time.
  init(_ pinning: Pinning, workers: Int, topology: Topology?, isWhole: Bool) {
    let units = topology?.units ?? []
    let domainCount = topology?.domainCount ?? 1
    switch pinning {
    case .list(let list):
      let numbers = list.prefix(workers)
      self.init(
        domains: numbers.map { number in units.first { $0.system == number }?.domain ?? 0 },
        units: numbers.map { [$0] },
        text: "workers stay on PUs " + numbers.map(String.init).joined(separator: ", "))
    case .auto where workers > 1 && domainCount > 1 && isWhole:
      let order = topology?.placementOrder ?? []
      let domains = (0..<workers).map { order[$0 % order.count].domain }
      self.init(
        domains: domains,
        units: domains.map { domain in units.filter { $0.domain == domain }.map(\.system) },
        text: "workers stay in their cache domains, which have "
          + Self.counts(of: domains).map(String.init).joined(separator: ", ") + " of them")
    default:
      let reason =
        switch pinning {
        case .none: "parallel.pin is none"
        case _ where workers == 1: "there is one"
        case _ where !isWhole: "not all of the machine is this process's"
        default: "there is one cache domain"
        }
      self.init(
        domains: [Int](repeating: 0, count: workers), units: nil,
        text: "workers are not bound: \(reason)")
    }
  }

  private init(domains: [Int], units: [[Int]]?, text: String) {
    (self.domains, self.units, self.text) = (domains, units, text)
  }

  /// How many workers each domain has, in the order of their first workers.
  private static func counts(of domains: [Int]) -> [Int] {
    var order: [Int] = []
    for domain in domains where !order.contains(domain) { order.append(domain) }
    return order.map { domain in domains.count { $0 == domain } }
  }
}

extension Topology {
  /// How many cache domains there are.
  var domainCount: Int { Set(units.map(\.domain)).count }

  /// The PUs in the order in which workers take them: one of each core, so that a cache domain is
  /// filled before the next one is begun, and then the cores' SMT siblings in the same order.
  var placementOrder: [Unit] {
    var taken: [Int: Int] = [:]
    let ranked = units.map { unit in
      defer { taken[unit.core, default: 0] += 1 }
      return (unit: unit, rank: taken[unit.core, default: 0])
    }
    let ranks = ranked.map(\.rank).max() ?? 0
    return (0...ranks).flatMap { rank in ranked.filter { $0.rank == rank }.map(\.unit) }
  }
}
