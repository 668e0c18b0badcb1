import Foundation
import SkeinKernels
import SkeinWorkers

/// The machine that figures were measured on: without it they mean nothing.
public struct MachineDescription: Codable, Sendable, Equatable {
  /// The host's name.
  public var machine: String
  /// Cores that the process may use.
  public var cores: Int
  /// The processor's model.
  public var cpu: String
  /// Distribution and kernel.
  public var system: String
  /// Of what the figures depend on, by name.
  public var versions: [String: String]

  /// Asks this machine.
  public static var current: MachineDescription {
    MachineDescription(
      machine: text("/proc/sys/kernel/hostname")?.trimmingCharacters(in: .whitespacesAndNewlines)
        ?? ProcessInfo.processInfo.hostName,
      cores: Machine.availableCores, cpu: cpu(fromInfo: text("/proc/cpuinfo") ?? ""),
      system: system(fromRelease: text("/etc/os-release") ?? "")
        + (text("/proc/sys/kernel/osrelease").map {
          ", Linux \($0.trimmingCharacters(in: .whitespacesAndNewlines))"
        } ?? ""),
      versions: ["swift": swiftVersion, "linear algebra": LinearAlgebraLibrary.description])
  }

  /// The model in the text of `/proc/cpuinfo`, which names it once per core.
  static func cpu(fromInfo text: String) -> String {
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

  /// The distribution in the text of `/etc/os-release`.
  static func system(fromRelease text: String) -> String {
    let line = text.split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
    return line.map { $0.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" } }
      ?? ProcessInfo.processInfo.operatingSystemVersionString
  }

  /// The compiler that built this program, as far as a program can know it.
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
