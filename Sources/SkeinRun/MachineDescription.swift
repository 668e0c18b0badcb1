import Foundation
import SkeinWorkers

/// What a report says about the machine.
public struct MachineDescription: Sendable, Equatable {
  /// The machine's name in its network.
  public let host: String
  /// The processor's name, as the system gives it.
  public let processor: String
  /// How many cores the process may use.
  public let cores: Int
  /// The operating system's name and version.
  public let system: String

  /// The machine that this process runs on.
  public static var present: MachineDescription {
    MachineDescription(
      host: text("/proc/sys/kernel/hostname")?.trimmingCharacters(in: .whitespacesAndNewlines)
        ?? ProcessInfo.processInfo.hostName,
      processor: processor(fromInfo: text("/proc/cpuinfo") ?? ""),
      cores: Machine.availableCores,
      system: ProcessInfo.processInfo.operatingSystemVersionString)
  }

  /// The processor's name in the text of `/proc/cpuinfo`, which repeats it for every core;
  /// "unknown" where there is none.
  static func processor(fromInfo text: String) -> String {
    // On Arm there may be a number instead of a name.
    let keys = ["model name", "Model", "CPU part"]
    for key in keys {
      let line = text.split(separator: "\n").first {
        $0.split(separator: ":").first?.trimmingCharacters(in: .whitespaces) == key
      }
      guard let value = line?.split(separator: ":", maxSplits: 1).dropFirst().first else {
        continue
      }
      return value.trimmingCharacters(in: .whitespaces)
    }
    return "unknown"
  }

  private static func text(_ path: String) -> String? {
    try? String(contentsOfFile: path, encoding: .utf8)
  }
}
