import CHwloc

/// What hwloc has found on this machine, kept for binding threads to it.
///
/// `@unchecked Sendable`: once it is loaded, any number of threads may read a topology of hwloc's.
final class LoadedTopology: @unchecked Sendable {
  /// This machine's; loaded when it is first asked for.
  static let machine = LoadedTopology()

  private let pointer: hwloc_topology_t

  /// Loads this machine's topology, or the one that `description` describes in hwloc's words for
  /// synthetic ones, such as "pack:2 l3:2 core:8 pu:2". It takes 2 ms on two cores.
  ///
  /// Nil where it cannot be had. Workers are then not bound.
  init?(description: String? = nil) {
    var loading: hwloc_topology_t?
    guard hwloc_topology_init(&loading) == 0, let topology = loading else { return nil }
    // Linux knows all that is wanted. hwloc would also ask the processors, and visit every one.
    let without = UInt(HWLOC_TOPOLOGY_COMPONENTS_FLAG_BLACKLIST.rawValue)
    hwloc_topology_set_components(topology, without, "x86")
    hwloc_topology_set_all_types_filter(topology, HWLOC_TYPE_FILTER_KEEP_NONE)
    hwloc_topology_set_cache_types_filter(topology, HWLOC_TYPE_FILTER_KEEP_ALL)
    for type in [HWLOC_OBJ_PACKAGE, HWLOC_OBJ_CORE] {
      hwloc_topology_set_type_filter(topology, type, HWLOC_TYPE_FILTER_KEEP_ALL)
    }
    // What holds the cores of a NUMA node, where no package or cache does.
    hwloc_topology_set_type_filter(topology, HWLOC_OBJ_GROUP, HWLOC_TYPE_FILTER_KEEP_STRUCTURE)
    let isKnown = description.map { hwloc_topology_set_synthetic(topology, $0) == 0 } ?? true
    guard isKnown, hwloc_topology_load(topology) == 0 else {
      hwloc_topology_destroy(topology)
      return nil
    }
    pointer = topology
  }

  deinit { hwloc_topology_destroy(pointer) }

  /// The PUs that `allowed` names by the system's numbers; nil for all.
  func topology(allowed: Set<Int>? = nil) -> Topology {
    var units: [Topology.Unit] = []
    var next = hwloc_get_next_obj_by_type(pointer, HWLOC_OBJ_PU, nil)
    while let unit = next {
      let system = Int(unit.pointee.os_index)
      if allowed?.contains(system) ?? true {
        units.append(
          Topology.Unit(
            system: system, core: number(of: ancestor(HWLOC_OBJ_CORE, of: unit) ?? unit),
            domain: number(of: domain(of: unit)),
            node: Int(hwloc_bitmap_first(unit.pointee.nodeset)),
            package: number(of: ancestor(HWLOC_OBJ_PACKAGE, of: unit) ?? root)))
      }
      next = hwloc_get_next_obj_by_type(pointer, HWLOC_OBJ_PU, unit)
    }
    return Topology(units: units)
  }

  /// Binds the calling thread to the PUs with these numbers of the system.
  ///
  /// - Returns: whether the system has done so.
  @discardableResult
  func bindThread(to units: [Int]) -> Bool {
    guard let set = hwloc_bitmap_alloc() else { return false }
    defer { hwloc_bitmap_free(set) }
    for unit in units { hwloc_bitmap_set(set, UInt32(unit)) }
    return hwloc_set_cpubind(pointer, set, Int32(HWLOC_CPUBIND_THREAD.rawValue)) == 0
  }

  private var root: hwloc_obj_t { hwloc_get_obj_by_depth(pointer, 0, 0) }

  /// What the cores of `unit`'s cache domain share: the outermost cache that several cores share,
  /// or else the package with several cores, or else the machine.
  private func domain(of unit: hwloc_obj_t) -> hwloc_obj_t {
    var outermost: hwloc_obj_t?
    var next = unit.pointee.parent
    while let object = next {
      let isCache = hwloc_obj_type_is_dcache(object.pointee.type) != 0
      if isCache, coreCount(of: object) > 1 { outermost = object }
      next = object.pointee.parent
    }
    let package = ancestor(HWLOC_OBJ_PACKAGE, of: unit).flatMap { coreCount(of: $0) > 1 ? $0 : nil }
    return outermost ?? package ?? root
  }

  private func coreCount(of object: hwloc_obj_t) -> Int {
    Int(hwloc_get_nbobjs_inside_cpuset_by_type(pointer, object.pointee.cpuset, HWLOC_OBJ_CORE))
  }

  private func ancestor(_ type: hwloc_obj_type_t, of object: hwloc_obj_t) -> hwloc_obj_t? {
    hwloc_get_ancestor_obj_by_type(pointer, type, object)
  }

  /// The number of `object` among those of its type.
  private func number(of object: hwloc_obj_t) -> Int { Int(object.pointee.logical_index) }
}

extension Topology {
  /// What the process may use of this machine; nil where that cannot be had. Reading it takes some
  /// milliseconds the first time.
  public static var machine: Topology? {
    LoadedTopology.machine?.topology(allowed: Machine.allowedUnits)
  }
}
