import Foundation
import SkeinWorkers

/// What a report says about the machine.
public struct MachineDescription: Sendable, Equatable {
  public let host: String
  /// The processor's name, as the system gives it.
  public let processor: String
  /// Cores that the process may use.
  public let cores: Int
  public let system: String

  /// This machine.
  public static var present: MachineDescription {
    MachineDescription(
      host: text("/proc/sys/kernel/hostname")?.trimmingCharacters(in: .whitespacesAndNewlines)
        ?? ProcessInfo.processInfo.hostName,
      processor: processor(fromInfo: text("/proc/cpuinfo") ?? ""),
      cores: Machine.availableCores,
      system: ProcessInfo.processInfo.operatingSystemVersionString)
  }

  /// The model in the text of `/proc/cpuinfo`, which names it once per core.
  static func processor(fromInfo text: String) -> String {
    // Arm names no model there, only numbers.
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
