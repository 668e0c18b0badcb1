import SkeinFiles
import SkeinRandom

/// Which rows of a table are held out for the split test.
///
/// Row i, from 0 on, is of group ⌊i · share⌋. Of each group one row is held out: the one that the
/// group's draw of MT19937 names, `next % size`, one draw per group in order. So a row's fate is a
/// pure function of seed, share and row number; there are as many test rows as the share says, up
/// to one; rows that are added at the end change nothing before; and a table that is sorted by its
/// classes gives every part of it its share.
struct RowSplit {
  private let share: Double
  private var generator: MersenneTwister
  private var row = 0
  private var group = 0
  private var groupEnd = 0
  private var chosen = -1

  /// - Parameters:
  ///   - share: the part of the rows that is held out, in 0..<1.
  ///   - seed: its low 32 bits count.
  init(share: Double, seed: UInt64) {
    require(share >= 0 && share < 1, "a share of \(share)")
    self.share = share
    generator = MersenneTwister(seed: seed)
  }

  /// Whether the next row is held out.
  mutating func next() -> Bool {
    guard share > 0 else { return false }
    if row == groupEnd {
      let start = groupEnd
      group += 1
      groupEnd = firstRow(of: group)
      chosen = start + Int(generator.next32()) % (groupEnd - start)
    }
    row += 1
    return row - 1 == chosen
  }

  /// The first row i with i · share ≥ `group`.
  private func firstRow(of group: Int) -> Int {
    let least = Double(group)
    var row = Int((least / share).rounded(.up))
    while Double(row - 1) * share >= least { row -= 1 }
    while Double(row) * share < least { row += 1 }
    return row
  }
}
