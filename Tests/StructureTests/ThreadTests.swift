import Foundation
import Testing

/// Threads are made in few places, whatever a file imports: Foundation brings Dispatch with it, and
/// Glibc the system's own calls.
@Suite struct ThreadTests {
  /// The files of `Sources` whose code has a match of `pattern`.
  private func files(with pattern: some RegexComponent) throws -> Set<String> {
    let folder = ImportTests.sources.path
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".swift") }
    #expect(files.count > 200)
    return try Set(
      files.filter { file in
        let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
        return House.code(text).contains(pattern)
      })
  }

  /// A helper's thread is below the workers, because the decoding of datasets uses it too. A
  /// scheduler that binds its caller's thread knows it again, and the command line has a mask for
  /// signals.
  @Test func theSystemsThreadsStayInTheirFiles() throws {
    #expect(
      try files(with: /\bpthread_/) == [
        "SkeinFiles/Threads/HelperThread.swift", "SkeinWorkers/WorkerBinding.swift",
        "skein/Screen/Interruption.swift",
      ])
  }

  @Test func helpersDecodeHashProbeAndWrite() throws {
    #expect(
      try files(with: /HelperThread/) == [
        "SkeinData/Dataset/ShardThreads.swift", "SkeinData/Writing/AheadStream.swift",
        "SkeinFiles/Digest/HashThread.swift",
        "SkeinFiles/Threads/HelperThread.swift", "SkeinRun/Observers/BackgroundWriter.swift",
        "SkeinWorkers/WorkerStart.swift",
      ])
  }

  @Test func workersAloneRunOnDispatch() throws {
    let pattern = /\bDispatch(Queue|Group|Source|WorkItem)\b|\bThread[.(]|\bTask(\.detached)?\s*\{/
    #expect(try files(with: pattern) == ["SkeinWorkers/WorkerStart.swift"])
  }
}
