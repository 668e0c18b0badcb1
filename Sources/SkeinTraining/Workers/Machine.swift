import Foundation

/// What this machine offers to the process.
public enum Machine {
  /// How many cores the process may use: its affinity mask, and the CPU quota of its control group.
  public static let availableCores: Int = {
    let cores = Double(affinityCount ?? ProcessInfo.processInfo.activeProcessorCount)
    let quota = ControlGroup.current.cores ?? .infinity
    return max(1, Int(min(cores, quota.rounded(.up))))
  }()

  /// Bytes of memory that the process may have: the machine's, or less where a limit is set.
  public static var availableMemory: Double {
    var limit = rlimit()
    let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0
    let own = isKnown && limit.rlim_cur != rlim_t.max ? Double(limit.rlim_cur) : .infinity
    let group = ControlGroup.current.memoryLimit ?? .infinity
    return min(Double(ProcessInfo.processInfo.physicalMemory), own, group)
  }

  /// The cores in the affinity mask, as `taskset` sets it; nil where the system has no such thing.
  /// Foundation counts the machine's cores whatever the mask says, and Swift does not see
  /// `sched_getaffinity`.
  private static var affinityCount: Int? {
    let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
    return line.flatMap { coreCount(inList: String($0.drop { $0 != ":" }.dropFirst())) }
  }

  /// How many cores a list as "0-3,8,10-11" names; nil where it is none.
  static func coreCount(inList text: String) -> Int? {
    var count = 0
    for part in text.trimmingCharacters(in: .whitespaces).split(separator: ",") {
      let ends = part.split(separator: "-").map { Int($0) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else {
        return nil
      }
      count += last - first + 1
    }
    return count > 0 ? count : nil
  }
}
