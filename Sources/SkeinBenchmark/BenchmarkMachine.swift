import Foundation
import SkeinKernels
import SkeinRun
import SkeinWorkers

/// The machine that a benchmark ran on. The figures mean nothing without it.
public struct BenchmarkMachine: Codable, Sendable, Equatable {
  /// The host's name.
  public var machine: String
  /// Cores that the process may use.
  public var cores: Int
  /// The processor's model.
  public var cpu: String
  /// Distribution and kernel.
  public var system: String
  /// The versions of what the figures depend on, by name.
  public var versions: [String: String]

  /// Its packages, NUMA nodes, cache domains, cores and PUs, as far as the process may use them;
  /// nil where they are not known.
  public var topology: String?

  /// A description of this machine, from what the system says of it.
  public static var current: BenchmarkMachine {
    let machine = MachineDescription.present
    return BenchmarkMachine(
      machine: machine.host, cores: machine.cores, cpu: machine.processor,
      system: system(fromRelease: text("/etc/os-release") ?? "")
        + (text("/proc/sys/kernel/osrelease").map {
          ", Linux \($0.trimmingCharacters(in: .whitespacesAndNewlines))"
        } ?? ""),
      versions: ["swift": swiftVersion, "kernels": Kernels.level],
      topology: Topology.machine?.text)
  }

  /// The distribution in the text of `/etc/os-release`.
  static func system(fromRelease text: String) -> String {
    let line = text.split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
    return line.map { $0.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" } }
      ?? ProcessInfo.processInfo.operatingSystemVersionString
  }

  /// The version of the compiler that built this program, as exactly as a program can know it.
  private static var swiftVersion: String {
    #if compiler(>=6.4)
      "6.4 or newer"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }

  private static func text(_ path: String) -> String? {
    try? String(contentsOfFile: path, encoding: .utf8)
  }
}
