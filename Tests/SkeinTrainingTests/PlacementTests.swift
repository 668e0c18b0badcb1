import Foundation
import Synchronization
import Testing

@testable import SkeinWorkers

/// Which worker goes where, on machines that hwloc makes up.
@Suite struct PlacementTests {
  private func topology(_ description: String, allowed: Set<Int>? = nil) throws -> Topology {
    try #require(LoadedTopology(description: description), "\(description)")
      .topology(allowed: allowed)
  }

  private func place(
    _ description: String, workers: Int, _ pinning: Pinning = .auto
  ) throws -> Placement {
    Placement(pinning, workers: workers, topology: try topology(description), isWhole: true)
  }

  @Test(arguments: [
    ("pack:1 l3:1 core:8 pu:2", "1 package, 1 NUMA node, 1 cache domain, 8 cores, 16 PUs"),
    (
      "pack:2 [numa] l3:2 core:8 pu:2",
      "2 packages, 2 NUMA nodes, 4 cache domains, 32 cores, 64 PUs"
    ),
    (
      "pack:2 numa:2 l3:4 core:4 pu:1",
      "2 packages, 4 NUMA nodes, 16 cache domains, 64 cores, 64 PUs"
    ),
    // A cache that one core alone has makes no domain: the package does, or else the machine.
    ("pack:2 l2:4 core:1 pu:2", "2 packages, 1 NUMA node, 2 cache domains, 8 cores, 16 PUs"),
    ("pack:8 l3:1 core:1 pu:1", "8 packages, 1 NUMA node, 1 cache domain, 8 cores, 8 PUs"),
    ("pack:1 l2:4 core:2 pu:1", "1 package, 1 NUMA node, 4 cache domains, 8 cores, 8 PUs"),
    ("core:1 pu:1", "1 package, 1 NUMA node, 1 cache domain, 1 core, 1 PU"),
  ])
  func topologiesAreRead(description: String, expected: String) throws {
    #expect(try topology(description).text == expected)
  }

  @Test func coresComeFirstDomainByDomainAndSiblingsLast() throws {
    let units = try topology("pack:2 l3:2 core:2 pu:2").placementOrder
    #expect(units.map(\.core) == Array(0..<8) + Array(0..<8))
    #expect(units.map(\.domain) == [0, 0, 1, 1, 2, 2, 3, 3, 0, 0, 1, 1, 2, 2, 3, 3])
    #expect(Set(units.map(\.system)) == Set(0..<16))
    #expect(Set(units.prefix(8).map(\.system)).isDisjoint(with: units.suffix(8).map(\.system)))
  }

  @Test func theProcessMayNotUseAllOfIt() throws {
    // One sibling of core 0, both of core 1, and one of core 4.
    let units = try topology("pack:1 l3:2 core:4 pu:2", allowed: [1, 2, 3, 8])
    #expect(units.placementOrder.map(\.system) == [1, 2, 8, 3])
    #expect(units.domainCount == 2)
    let placement = Placement(.auto, workers: 3, topology: units, isWhole: false)
    #expect(placement.units == nil && placement.domains == [0, 0, 0])
  }

  @Test func autoBindsToDomainsWhereThereAreSeveral() throws {
    let two = try place("pack:1 l3:2 core:4 pu:1", workers: 6)
    #expect(two.domains == [0, 0, 0, 0, 1, 1])
    #expect(
      two.units == Array(repeating: [0, 1, 2, 3], count: 4) + [[4, 5, 6, 7], [4, 5, 6, 7]])
    #expect(two.text.contains("4, 2"))
    // Few workers stay together; they share cores only where all cores are in use.
    #expect(try place("pack:2 l3:2 core:4 pu:2", workers: 4).domains == [0, 0, 0, 0])
    #expect(
      try place("pack:1 l3:2 core:2 pu:2", workers: 8).domains == [0, 0, 1, 1, 0, 0, 1, 1])
    for (description, workers) in [("pack:1 l3:1 core:8 pu:2", 16), ("pack:2 l3:2 core:2 pu:1", 1)]
    {
      let placement = try place(description, workers: workers)
      #expect(placement.units == nil && Set(placement.domains) == [0])
    }
  }

  @Test func noneAndLists() throws {
    let none = try place("pack:1 l3:2 core:2 pu:1", workers: 4, .none)
    #expect(none.units == nil && none.domains == [0, 0, 0, 0] && none.text.contains("none"))
    let list = try place("pack:1 l3:2 core:2 pu:1", workers: 3, .list([3, 0, 2, 1]))
    #expect(list.units == [[3], [0], [2]] && list.domains == [1, 0, 1])
    #expect(list.text.contains("3, 0, 2") && !list.text.contains("2, 1"))
  }

  /// Every worker once among those that are called, on machines of any shape.
  @Test func aTreeCallsEverybodyOnce() throws {
    #expect(WorkerPool.tree(domains: [0]) == [[]])
    #expect(WorkerPool.tree(domains: [5, 5, 5]) == [[1, 2], [], []])
    #expect(
      WorkerPool.tree(domains: [0, 0, 1, 1, 0, 1, 2]) == [
        [2, 6, 1, 4], [], [3, 5], [], [], [], [],
      ])
    for description in ["pack:2 l3:2 core:3 pu:2", "pack:1 l3:8 core:8 pu:1", "core:5 pu:1"] {
      for workers in 1...40 {
        let domains = try place(description, workers: workers).domains
        let called = WorkerPool.tree(domains: domains)
        #expect(called.flatMap(\.self).sorted() == Array(1..<workers), "\(description) \(workers)")
        // A caller is called before the others of its domain take part: it has a lower number.
        for (caller, others) in called.enumerated() { #expect(others.allSatisfy { $0 > caller }) }
      }
    }
  }

  /// Where each worker may run while it works, and the calling thread afterwards.
  @Test func aListBindsThreads() throws {
    final class Looking: Phase {
      let itemCount: Int
      let seen = Mutex<[Int: String]>([:])
      init(_ count: Int) { itemCount = count }
      func run(item: Int, worker: Int) {
        seen.withLock { $0[worker] = PlacementTests.allowedUnits() }
        // So that nobody does the items of others.
        usleep(20_000)
      }
    }
    let free = Self.allowedUnits()
    let list = Array(Machine.allowedUnits.sorted().reversed().prefix(2))
    do {
      let scheduler = try DispatchScheduler(threads: 2, pinning: .list(list))
      #expect(scheduler.workerCount == list.count)
      let phase = Looking(scheduler.workerCount)
      try scheduler.run(phase)
      for (worker, unit) in list.enumerated() {
        #expect(phase.seen.withLock { $0[worker] } == "\(unit)")
      }
      scheduler.activeWorkers = 1
      #expect(Self.allowedUnits() == "\(list[0])")
    }
    #expect(Self.allowedUnits() == free, "the caller stays bound")
  }

  /// The PUs that the calling thread may use, as the system writes them.
  private static func allowedUnits() -> String {
    let status = (try? String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
    return line.map { $0.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces) } ?? ""
  }

  @Test func unitsThatAreNotThereAreNamed() throws {
    let error = #expect(throws: PinningError.self) {
      _ = try DispatchScheduler(threads: 1, pinning: .list([0, 65_000]))
    }
    #expect(error?.unit == 65_000 && error?.description.contains("65000") == true)
  }

  @Test func thisMachineHasATopology() throws {
    let units = try #require(Topology.machine).units
    #expect(Set(units.map(\.system)) == Machine.allowedUnits)
  }
}
