import Foundation

/// What this machine offers to the process.
public enum Machine {
  /// How many cores the process may use: its affinity mask, and the CPU quota of its cgroup.
  public static let availableCores: Int = {
    // Foundation counts the affinity mask where the system has one.
    let cores = ProcessInfo.processInfo.activeProcessorCount
    guard let quota = ControlGroup.current.cores else { return max(1, cores) }
    return max(1, min(cores, Int(quota.rounded(.up))))
  }()

  /// Bytes of memory that the process may have: the machine's, or less where a limit is set.
  public static var availableMemory: Double {
    var limit = rlimit()
    let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0
    let own = isKnown && limit.rlim_cur != rlim_t.max ? Double(limit.rlim_cur) : .infinity
    let group = ControlGroup.current.memoryLimit ?? .infinity
    return min(Double(ProcessInfo.processInfo.physicalMemory), own, group)
  }
}
