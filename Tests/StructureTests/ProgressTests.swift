import Foundation
import Testing

/// Whatever the command line reads in parallel may be large, and then takes long.
@Suite struct ProgressTests {
  @Test func everyDatasetThatIsReadIsReported() throws {
    let folder = ImportTests.sources.appendingPathComponent("skein").path
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".swift") }
    var count = 0
    for file in files {
      let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
      let calls = text.matches(
        of: /(\.load|\.verify|DatasetSummary|ArraySummary)\([^()]*(\([^()]*\)[^()]*)*\)/)
      for call in calls where call.0.contains("threads:") || call.0.hasPrefix("Array") {
        count += 1
        #expect(call.0.contains("report:"), "\(file): \(call.0)")
      }
    }
    #expect(count >= 8, "the calls are written in another way: look for them anew")
  }
}
