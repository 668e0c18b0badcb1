import Foundation
import Testing

/// Names of files reach the system in one place, which keeps those that are no UTF-8.
@Suite struct NameTests {
  @Test func pathsReachTheSystemInOnePlace() throws {
    let folder = ImportTests.sources.path
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".swift") && !$0.hasSuffix("SkeinFiles/Files/SystemCalls.swift") }
    #expect(files.count > 200)
    for file in files {
      let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
      let call = /Glibc\.(open|openat|opendir|access|l?stat|mkdir|rmdir|unlink|rename|link)\(/
      #expect(!text.contains(call), "\(file)")
      // Foundation's own calls mend names. It looks for programs, and takes paths apart.
      for call in ["fileExists(atPath", "contentsOfDirectory", "createFile", "removeItem(at"] {
        #expect(!text.contains("." + call), "\(file): \(call)")
      }
    }
  }
}
