import Foundation

/// What this machine offers to the process.
public enum Machine {
  /// How many cores the process may use: the fewest of its affinity mask, the cores that are
  /// online, and the CPU quota of its control group.
  public static let availableCores = cores(
    mask: mask?.count, online: Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))),
    quota: ControlGroup.current.cores)

  /// The fewest of the three, at least 1. A mask may name cores that the machine could have, and a
  /// quota of 1.5 cores keeps two busy for three quarters of the time.
  static func cores(mask: Int?, online: Int, quota: Double?) -> Int {
    let present = min(mask ?? .max, online > 0 ? online : .max)
    let shares = (quota ?? .infinity).rounded(.up)
    let fewest = min(present == .max ? 1 : Double(present), shares)
    return max(1, Int(fewest))
  }

  /// Bytes of memory that the process may still have: the machine's, or less where a limit is set.
  public static var availableMemory: Double {
    let group = ControlGroup.current.memoryLimit ?? .infinity
    return min(Double(ProcessInfo.processInfo.physicalMemory), group)
  }

  /// Bytes of address space left to the process, whose limit also counts what is mapped already,
  /// libraries for one; infinite without a limit (`ulimit -v`).
  public static var addressSpace: Double {
    var limit = rlimit()
    let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0
    guard isKnown && limit.rlim_cur != rlim_t.max else { return .infinity }
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?
      .split(separator: " ").first.flatMap { Double($0) }
    let mapped = (pages ?? 0) * Double(sysconf(Int32(_SC_PAGESIZE)))
    return max(0, Double(limit.rlim_cur) - mapped)
  }

  /// The PUs that the process may use, as the system numbers them: those of its affinity mask when
  /// it began. Where the system has no such thing, as many as there are cores.
  package static let allowedUnits: Set<Int> = mask ?? Set(0..<availableCores)

  /// Whether the process may use all PUs that are online, for all of the time.
  static let isWholeMachine =
    allowedUnits.count >= Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    && ControlGroup.current.cores == nil

  /// The affinity mask, as `taskset` sets it; nil where the system has no such thing. Foundation
  /// counts the machine's cores whatever the mask says, and Swift does not see
  /// `sched_getaffinity`.
  private static let mask: Set<Int>? = {
    let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
    return line.flatMap { units(inList: String($0.drop { $0 != ":" }.dropFirst())) }
  }()

  /// The numbers that a list as "0-3,8,10-11" names; nil where it is none.
  static func units(inList text: String) -> Set<Int>? {
    var units: Set<Int> = []
    for part in text.trimmingCharacters(in: .whitespaces).split(separator: ",") {
      let ends = part.split(separator: "-").map { Int($0) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else {
        return nil
      }
      units.formUnion(first...last)
    }
    return units.isEmpty ? nil : units
  }
}
