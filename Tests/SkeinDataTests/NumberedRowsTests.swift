import SkeinFiles
import Testing

@Suite struct NumberedRowsTests {
  @Test func rowsAreNamedWithTheirFirstNumber() {
    #expect(numbered([12], "sample") == "sample 12, counted from 0")
    #expect(
      numbered([0, 40] as [Int32], "row", of: "split \"test\"")
        == "rows 0, 40 of split \"test\", counted from 0")
    #expect(numbered(0..<8, "row") == "rows 0, 1, 2, 3, 4, 5, 6, 7, counted from 0")
    #expect(
      numbered(0..<9, "row") == "rows 0, 1, 2, 3, 4, 5, 6, 7, … (9 in all), counted from 0")
  }
}
