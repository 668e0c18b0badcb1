import Foundation

/// What this machine offers to the process.
public enum Machine {
  /// How many cores the process may use: its affinity mask, and the CPU quota of its cgroup.
  public static let availableCores: Int = {
    // Foundation counts the affinity mask where the system has one.
    let cores = ProcessInfo.processInfo.activeProcessorCount
    guard let quota = cgroupQuota else { return max(1, cores) }
    return max(1, min(cores, Int(quota.rounded(.up))))
  }()

  /// Cores' worth of CPU time that the control group grants, version 2 or 1; nil without a limit.
  private static var cgroupQuota: Double? {
    func numbers(_ path: String) -> [Double] {
      // "max 100000" in version 2 and "-1" in version 1 mean no limit.
      let text = try? String(contentsOfFile: path, encoding: .utf8)
      return (text ?? "").split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    }
    let root = "/sys/fs/cgroup"
    let v2 = numbers("\(root)/cpu.max")
    if v2.count == 2, v2[1] > 0 { return v2[0] / v2[1] }
    let quota = numbers("\(root)/cpu/cpu.cfs_quota_us").first ?? -1
    let period = numbers("\(root)/cpu/cpu.cfs_period_us").first ?? 0
    return quota > 0 && period > 0 ? quota / period : nil
  }
}
