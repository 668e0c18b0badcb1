import Foundation
import Testing

@testable import SkeinConfig

@Suite struct ConfigsTests {
  /// The job files that come with the repository.
  @Test func theyLoadAndNameTheirDatasets() throws {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .resolvingSymlinksInPath()
    let folder = root.appendingPathComponent("Configs")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(files.count >= 4)
    for file in files {
      let loaded = try Job.load(path: folder.path + "/" + file)
      #expect(loaded.job.name + ".yaml" == file)
      #expect(loaded.job.data.path == root.path + "/Datasets/" + loaded.job.name)
    }
  }
}
