import Testing

@testable import SkeinData

@Suite struct TableFileTests {
  private static let table = "x,c,z,y\n1.5,u,1,p\n2,v,,q\n-3,u,5,p\n"

  private func samples(_ bench: TableBench, _ text: String, limit: Int = 2) throws -> [[Float]] {
    let file = try bench.scratch.write(Array(text.utf8), to: "new.csv")
    let manifest = try bench.dataset.manifest
    let table = try TableFile(path: file, manifest.features ?? [], manifest.table)
    var found: [[Float]] = []
    while let split = try table.next(limit, target: .classes(2)) {
      #expect(split.count <= limit)
      found += (0..<split.count).map { split.stored($0) }
    }
    return found
  }

  /// A row has the bits that it has in the dataset, wherever its columns stand.
  @Test func rowsHaveTheBitsOfTraining() throws {
    let bench = try TableBench(Self.table)
    try bench.make(.all("y"))
    let trained = try bench.samples()
    for limit in [1, 2, 3, 10] {
      #expect(try samples(bench, Self.table, limit: limit) == trained)
    }
    #expect(try samples(bench, "z;more;c;x\n1;?;u;1,5\n;?;v;2\n5;?;u;-3\n") == trained)
  }

  @Test func missingAndUnknownAreTold() throws {
    let bench = try TableBench(Self.table)
    try bench.make(.all("y"))
    let file = try bench.scratch.write(
      Array("x,c,z,w\n,u,,1\n2,,3,1\nNA,w,3,1\n".utf8), to: "new.csv")
    let manifest = try bench.dataset.manifest
    let table = try TableFile(path: file, manifest.features ?? [], manifest.table)
    #expect(table.unused == ["w"])
    let split = try #require(try table.next(10, target: .classes(2)))
    let rows: [[Float]] = (0..<3).map { split.stored($0) }
    // x, c=u, c=v, z, z missing.
    #expect(rows[0][0] == 0 && rows[1][0] != 0 && rows[2][0] == 0)
    #expect(rows[0][1...2] == [1, 0] && rows[1][1...2] == [0, 0] && rows[2][1...2] == [0, 0])
    #expect(rows[0][4] == 1 && rows[1][4] == 0 && rows[2][4] == 0)
    #expect(table.warnings.count == 3, "\(table.warnings)")
    #expect(try table.next(10, target: .classes(2)) == nil)
  }

  @Test func missingColumnsAreRefused() throws {
    let bench = try TableBench(Self.table)
    try bench.make(.all("y"))
    let found = try #require(try faults { _ = try samples(bench, "x,y\n1,2\n") })
    #expect("\(found[0])".contains("columns \"c\", \"z\", found \"x\", \"y\""), "\(found)")
    let text = try #require(try faults { _ = try samples(bench, "x,c,z\n1,u,2\nbig,u,2\n") })
    #expect(text[0].file.hasSuffix("new.csv:3:1"), "\(text)")
  }

  @Test func tablesWithoutNamesAreReadByPlace() throws {
    let bench = try TableBench("5.1,p,3.5,u\n4.9,q,3.0,v\n4.7,p,3.2,u\n")
    try bench.make(.all("column-2"))
    let trained = try bench.samples()
    #expect(try samples(bench, "5.1,p,3.5,u\n4.9,q,3.0,v\n4.7,p,3.2,u\n") == trained)
    // Without the target's column.
    #expect(try samples(bench, "5.1,3.5,u\n4.9,3.0,v\n4.7,3.2,u\n") == trained)
    #expect(try faults { _ = try samples(bench, "5.1,3.5\n") } != nil)
  }

  @Test func arraysAreTold() throws {
    let scratch = try Scratch()
    for (bytes, isArray) in [
      ([0, 0, 13, 2], true), (Array("x,y\n1,2\n".utf8), false),
      ([0x93] + Array("NUMPY".utf8), true), ([], false),
    ] as [([UInt8], Bool)] {
      #expect(try TableFile.isArray(scratch.write(bytes, to: "f")) == isArray)
    }
  }
}
