import Foundation
import SkeinTestSupport
import Testing

@testable import SkeinWorkers

@Suite struct ControlGroupTests {
  /// A tree of control group files, removed with the value.
  private final class Tree {
    private let folder: TemporaryFolder
    var root: String { folder.path }

    init(_ files: [String: String]) throws {
      folder = try TemporaryFolder()
      for (path, text) in files {
        let url = URL(fileURLWithPath: "\(root)/\(path)")
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: url, atomically: false, encoding: .utf8)
      }
    }
  }

  @Test func theTightestLimitOnTheWayCounts() throws {
    let tree = try Tree([
      "cpu.max": "max 100000\n", "a/cpu.max": "150000 100000\n", "a/b/cpu.max": "400000 100000\n",
      "a/memory.max": "1000000\n", "a/b/memory.max": "max\n",
    ])
    let group = ControlGroup(text: "0::/a/b\n", root: tree.root)
    #expect(group.cores == 1.5 && group.memoryLimit == 1_000_000)
    let root = ControlGroup(text: "0::/\n", root: tree.root)
    #expect(root.cores == nil && root.memoryLimit == nil)
  }

  @Test func versionOne() throws {
    let tree = try Tree([
      "cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n",
      "cpu/docker/cpu.cfs_quota_us": "50000\n", "cpu/docker/cpu.cfs_period_us": "100000\n",
      "memory/memory.limit_in_bytes": "9223372036854771712\n",
    ])
    let text = "5:memory:/\n4:cpu,cpuacct:/docker\n"
    let group = ControlGroup(text: text, root: tree.root)
    #expect(group.cores == 0.5 && group.memoryLimit == 9_223_372_036_854_771_712)
  }

  @Test func nothingThereMeansNoLimit() {
    let group = ControlGroup(text: "nonsense\n0::/x\n", root: "/nowhere")
    #expect(group.cores == nil && group.memoryLimit == nil)
  }

  @Test func listsOfCores() {
    let table: [(String, Int?)] = [
      ("\t0-3,8,10-11", 7), ("0", 1), (" 5-5 ", 1), ("", nil), ("a-b", nil), ("3-1", nil),
    ]
    for (text, count) in table { #expect(Machine.units(inList: text)?.count == count, "\(text)") }
  }

  @Test func theFewestCoresCount() {
    #expect(Machine.cores(mask: 128, online: 2, quota: nil) == 2)
    #expect(Machine.cores(mask: 1, online: 8, quota: nil) == 1)
    #expect(Machine.cores(mask: 8, online: 8, quota: 1.5) == 2)
    #expect(Machine.cores(mask: nil, online: 4, quota: 0.5) == 1)
    #expect(Machine.cores(mask: 4, online: -1, quota: nil) == 4)
    #expect(Machine.cores(mask: nil, online: -1, quota: nil) == 1)
  }
}
