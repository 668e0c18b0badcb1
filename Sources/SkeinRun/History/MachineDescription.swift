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
    let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = information.split(separator: "\n").first { $0.hasPrefix("model name") }
    let name = model?.split(separator: ":", maxSplits: 1).last.map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    return MachineDescription(
      host: ProcessInfo.processInfo.hostName, processor: name ?? "unknown processor",
      cores: Machine.availableCores,
      system: ProcessInfo.processInfo.operatingSystemVersionString)
  }
}
