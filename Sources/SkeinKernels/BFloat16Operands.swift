internal import CKernels
import SkeinFiles

/// What a layer's dW = dzᵀ · x is computed from, rounded to bfloat16 and laid out as the product
/// reads it: filled slice by slice of a batch, and multiplied block by block of the weights.
///
/// Two samples that follow each other share a word. A batch shard that begins with an odd sample
/// begins with half a word of its own, so a word never holds samples of two batch shards, and the
/// words do not depend on the slices.
///
/// A plain value with addresses in an arena, which must outlive it. `@unchecked Sendable`: during a
/// pass a worker writes the words of its samples; between passes everything is only read.
package struct BFloat16Operands: @unchecked Sendable {
  private let (outputs, inputs): (Int, Int)
  /// dz, in tiles of a few columns.
  private let tiles: UnsafeMutablePointer<UInt32>
  /// x, in panels of a few columns.
  private let panels: UnsafeMutablePointer<UInt32>
  /// How many words a column has.
  private let slots: Int
  private let shardCount: Int
  /// Each batch shard's first sample, and behind the last one the number of samples.
  private let starts: UnsafePointer<Int32>
  /// Each batch shard's first word.
  private let firstSlots: UnsafePointer<Int32>

  /// - Parameters:
  ///   - outputs: the columns of dz.
  ///   - inputs: the columns of x.
  ///   - cuts: each batch shard's first sample, and behind the last one the number of samples;
  ///     ascending from 0.
  ///   - arena: what the words lie in.
  package init(outputs: Int, inputs: Int, cuts: [Int], in arena: Arena) {
    require(
      cuts.first == 0 && cuts.count > 1 && zip(cuts, cuts.dropFirst()).allSatisfy { $0 < $1 },
      "a batch cut at \(cuts)")
    let (columns, rows) = (
      Int(Kernels.bfloat16.pointee.panel_columns), Int(Kernels.bfloat16.pointee.tile_rows)
    )
    (self.outputs, self.inputs) = (outputs, inputs)
    shardCount = cuts.count - 1
    let places = arena.indices(2 * cuts.count)
    var slots = 0
    for (index, cut) in cuts.enumerated() {
      places[index] = Int32(cut)
      places[cuts.count + index] = Int32(slots)
      if index < shardCount { slots += (cuts[index + 1] + 1) / 2 - cut / 2 }
    }
    guard let first = places.baseAddress else { misuse("no memory for the places of batch shards") }
    (starts, firstSlots) = (UnsafePointer(first), UnsafePointer(first + cuts.count))
    self.slots = slots
    func whole(_ count: Int, _ width: Int) -> Int { (count + width - 1) / width * width }
    tiles = BFloat16Product.words(arena.floats(whole(outputs, rows) * slots))
    panels = BFloat16Product.words(arena.floats(whole(inputs, columns) * slots))
  }

  /// The most words that a sample has, beside those that uneven batch shards add.
  package static func words(outputs: Double, inputs: Double) -> Double {
    // A panel has at most 48 columns, a tile 8.
    (outputs + 7 + inputs + 47) / 2
  }

  /// Rounds the rows `samples` of x, which stand from `x` on without gaps. O(elements), no
  /// allocation.
  ///
  /// - Precondition: they begin with an even sample, and end before one or with the last.
  package func packInputs(_ x: UnsafePointer<Float>, of samples: Range<Int>) {
    let kernels = Kernels.bfloat16.pointee
    let width = Int(kernels.panel_columns)
    forEachShard(of: samples) { part, slot in
      kernels.pack_panels(
        x + (part.lowerBound - samples.lowerBound) * inputs, inputs, part.lowerBound % 2 == 1,
        part.count, inputs, panels + slot * width, slots)
    }
  }

  /// The same for the rows of dz.
  package func packGradients(_ dz: UnsafePointer<Float>, of samples: Range<Int>) {
    let kernels = Kernels.bfloat16.pointee
    let height = Int(kernels.tile_rows)
    forEachShard(of: samples) { part, slot in
      kernels.pack_tiles(
        dz + (part.lowerBound - samples.lowerBound) * outputs, outputs, part.lowerBound % 2 == 1,
        part.count, outputs, tiles + slot * height, slots)
    }
  }

  /// result[i, j] = Σ over `samples` of dz[·, row + i] · x[·, column + j], one chain each. O(rows ·
  /// columns · samples), no allocation.
  ///
  /// - Precondition: the samples are whole batch shards, and have been packed; `column` is the
  ///   first one of a panel, as multiples of 48 are.
  package func gradient(
    _ samples: Range<Int>, rows: Range<Int>, columns: Range<Int>,
    into result: UnsafeMutablePointer<Float>
  ) {
    let kernels = Kernels.bfloat16.pointee
    var arguments = skein_bfloat16_product(
      a: nil, a_row: 0, tiles: tiles, row: rows.lowerBound, panels: panels,
      column: columns.lowerBound, slots: slots, first_slot: 0, slot_count: 0, k: 0, start: nil,
      start_row: columns.count, c: result, c_row: columns.count, m: rows.count, n: columns.count,
      rectifies: false)
    var shard = shard(of: samples.lowerBound)
    var end = Int(starts[shard])
    let begins = end == samples.lowerBound
    while end < samples.upperBound, shard < shardCount {
      arguments.first_slot = Int(firstSlots[shard])
      arguments.slot_count = Int(firstSlots[shard + 1]) - arguments.first_slot
      kernels.product(&arguments)
      arguments.start = UnsafePointer(result)
      shard += 1
      end = Int(starts[shard])
    }
    require(
      begins && end == samples.upperBound && columns.lowerBound % Int(kernels.panel_columns) == 0
        && rows.upperBound <= outputs && columns.upperBound <= inputs,
      "rows \(rows) and columns \(columns) over samples \(samples), which are no batch shards")
  }

  /// Calls `body` for each batch shard's part of `samples`, with its first word.
  private func forEachShard(of samples: Range<Int>, _ body: (Range<Int>, Int) -> Void) {
    require(
      samples.lowerBound % 2 == 0
        && (samples.upperBound % 2 == 0 || samples.upperBound == Int(starts[shardCount])),
      "samples \(samples) of \(starts[shardCount]), which share a word with others")
    var (first, shard) = (samples.lowerBound, shard(of: samples.lowerBound))
    while first < samples.upperBound {
      let last = min(Int(starts[shard + 1]), samples.upperBound)
      body(first..<last, Int(firstSlots[shard]) + first / 2 - Int(starts[shard]) / 2)
      (first, shard) = (last, shard + 1)
    }
  }

  /// The batch shard that `sample` is in; how many there are for a sample behind the last one.
  private func shard(of sample: Int) -> Int {
    var (least, most) = (0, shardCount)
    while least < most {
      let middle = (least + most) / 2
      if Int(starts[middle + 1]) <= sample { least = middle + 1 } else { most = middle }
    }
    return least
  }
}
