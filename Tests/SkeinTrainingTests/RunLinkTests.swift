import Foundation
import SkeinRecord
import Testing

@testable import SkeinFiles
@testable import SkeinRun
@testable import SkeinTraining

/// Links that take the place of a run's folders and files while it trains.
@Suite struct RunLinkTests {
  /// A run whose folder `name` now lies elsewhere, with a link in its place.
  private func withMoved(
    _ name: String, _ body: (SmallRun, RunFolder, _ elsewhere: String) throws -> Void
  ) throws {
    let run = try SmallRun()
    try run.train(makeSplit(30), epochs: 4, options: .init(keep: 9))
    let elsewhere = run.folder.path + "-elsewhere"
    defer { try? FileManager.default.removeItem(atPath: elsewhere) }
    let folder = run.folder.path + "/" + name
    try FileManager.default.moveItem(atPath: folder, toPath: elsewhere)
    #expect(symlink(elsewhere, folder) == 0)
    try body(run, RunFolder(path: run.folder.path), elsewhere)
  }

  private func contents(_ path: String) throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: path)
    return try Dictionary(
      uniqueKeysWithValues: names.map {
        ($0, try Data(contentsOf: URL(fileURLWithPath: path + "/" + $0)))
      })
  }

  /// The files there are a run's of the same job, which a save would replace and remove.
  @Test func aSaveStaysInItsFolder() throws {
    try withMoved("checkpoints") { run, folder, elsewhere in
      let before = try contents(elsewhere)
      let bytes = try WholeFile.read(folder.last, atMost: 1 << 20)
      let first = try RunFolder.load(folder.checkpoint(step: 4), SmallRun.network)
      let jobs: Set = [SmallRun.identity.job]
      for step in [16, 99] {
        let error = #expect(throws: FileSystemError.self) {
          try folder.save(bytes, step: step, isBest: true, keep: 1, of: jobs)
        }
        #expect(error?.code == ENOTDIR)
      }
      #expect(throws: FileSystemError.self) { try folder.rewind(to: first, of: jobs) }
      #expect(throws: FileSystemError.self) {
        try AtomicFile.write([bytes], to: elsewhere + "/last.safetensors")
        try folder.restoreCopies(of: first, SmallRun.network) { _ in }
      }
      #expect(try contents(elsewhere) == before)
    }
  }

  @Test func linesAreAddedToNoFileElsewhere() throws {
    let run = try SmallRun()
    try run.train(makeSplit(10), epochs: 1)
    let elsewhere = run.folder.path + "-elsewhere"
    defer { try? FileManager.default.removeItem(atPath: elsewhere) }
    try FileManager.default.moveItem(atPath: run.folder.metricsFile, toPath: elsewhere)
    #expect(symlink(elsewhere, run.folder.metricsFile) == 0)
    let before = try Data(contentsOf: URL(fileURLWithPath: elsewhere))
    let folder = RunFolder(path: run.folder.path)
    let metrics = EpochMetrics(
      epoch: 2, step: 4, trainLoss: 1, trainAccuracy: 1, testLoss: nil, testAccuracy: nil,
      samplesPerSecond: 1, seconds: 1, threads: 1)
    let error = #expect(throws: FileSystemError.self) { try folder.append(metrics) }
    #expect(error?.code == ELOOP)
    #expect(throws: FileSystemError.self) { try LogFile.flush(folder.metricsFile) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: elsewhere)) == before)
  }
}
