import Foundation
import Testing

@testable import SkeinData

@Suite struct SampleMemoryTests {
  @Test(arguments: [0, 1, 15, 16, 4097, (1 << 21) - 1, 1 << 21, (1 << 21) + 1, 5 << 20])
  func roomIsWhatWasAskedFor(count: Int) throws {
    let memory = try #require(SampleMemory(byteCount: count))
    #expect(memory.bytes.count == count)
    let address = UInt(bitPattern: memory.bytes.baseAddress)
    #expect(address % (count < SampleMemory.largePage ? 16 : UInt(SampleMemory.largePage)) == 0)
    if count > 0 { memory.bytes.initializeMemory(as: UInt8.self, repeating: 7) }
    #expect(memory.bytes.allSatisfy { $0 == 7 })
    memory.free()
  }

  /// `VmFlags` has "hg" for memory that large pages were asked for: whole ones, and no byte more.
  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: "/sys/kernel/mm/transparent_hugepage"),
      "the system has no large pages"))
  func largePagesAreAskedFor() throws {
    let count = (5 << 20) + 1
    let memory = try #require(SampleMemory(byteCount: count))
    defer { memory.free() }
    let first = UInt(bitPattern: memory.bytes.baseAddress)
    // Foundation reads a file without a size only to its first page where it is asked for a text.
    let file = try #require(FileHandle(forReadingAtPath: "/proc/self/smaps"))
    let maps = String(decoding: try #require(try file.readToEnd()), as: UTF8.self)
    var inLargePages: [Range<UInt>] = []
    var current: Range<UInt>?
    for line in maps.split(separator: "\n") {
      let ends = line.prefix { $0 != " " }.split(separator: "-").compactMap { UInt($0, radix: 16) }
      if ends.count == 2 { current = ends[0]..<ends[1] }
      if line.hasPrefix("VmFlags:"), line.split(separator: " ").contains("hg"), let current {
        inLargePages.append(current)
      }
    }
    #expect(inLargePages.contains(first..<(first + (4 << 20))))
  }

  @Test func memoryThatIsTooMuchIsRefused() {
    #expect(SampleMemory(byteCount: 1 << 60) == nil)
  }
}
