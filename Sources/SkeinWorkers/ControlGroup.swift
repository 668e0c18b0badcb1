import Foundation

/// What a Linux control group grants the process: the tightest limit on the way from its own group
/// up to the root, in version 2 or 1 of the interface.
struct ControlGroup {
  /// Groups by controller, as /proc/self/cgroup lists them; "" for version 2.
  private let groups: [(controllers: [String], path: String)]
  private let root: String

  static let current = ControlGroup(
    text: (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? "0::/",
    root: "/sys/fs/cgroup")

  /// - Parameters:
  ///   - text: lines as `0::/user.slice` or `4:cpu,cpuacct:/docker/…`.
  ///   - root: where the groups' files are.
  init(text: String, root: String) {
    self.root = root
    groups = text.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return nil }
      return (parts[1].split(separator: ",").map(String.init), String(parts[2]))
    }
  }

  /// Cores' worth of CPU time; nil without a limit.
  var cores: Double? {
    // "max 100000" in version 2 and "-1" in version 1 mean no limit.
    let version2 = numbers(of: nil, "cpu.max").compactMap { numbers in
      numbers.count == 2 && numbers[1] > 0 ? numbers[0] / numbers[1] : nil
    }
    let quotas = numbers(of: "cpu", "cpu.cfs_quota_us")
    let periods = numbers(of: "cpu", "cpu.cfs_period_us")
    let version1 = zip(quotas, periods).compactMap { quota, period in
      guard let quota = quota.first, let period = period.first else { return nil as Double? }
      return quota > 0 && period > 0 ? quota / period : nil
    }
    return (version2 + version1).min()
  }

  /// Bytes of memory; nil without a limit.
  var memoryLimit: Double? {
    let limits = numbers(of: nil, "memory.max") + numbers(of: "memory", "memory.limit_in_bytes")
    return limits.compactMap(\.first).filter { $0 > 0 }.min()
  }

  /// The numbers in `file` of the process's group and of every group above it.
  private func numbers(of controller: String?, _ file: String) -> [[Double]] {
    var found: [[Double]] = []
    for group in groups
    where controller.map(group.controllers.contains) ?? group.controllers.isEmpty {
      let parts = group.path.split(separator: "/").map(String.init)
      let mount = controller.map { "\(root)/\($0)" } ?? root
      for depth in (0...parts.count).reversed() {
        let folder = ([mount] + parts[..<depth]).joined(separator: "/")
        guard let text = try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8) else {
          continue
        }
        found.append(text.split(whereSeparator: \.isWhitespace).compactMap { Double($0) })
      }
    }
    return found
  }
}
