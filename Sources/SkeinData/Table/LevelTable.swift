import Glibc

/// Texts by their bytes, each with a number: the levels of a category, the names of classes.
struct LevelTable {
  /// Where a text lies in `bytes`, and how often it was counted.
  private struct Level {
    let start: Int
    let length: Int
    var trainCount = 0
  }

  private var bytes: [UInt8] = []
  private var levels: [Level] = []
  /// Numbers of levels by their hash, −1 for none; a power of two, at most half full.
  private var slots = [Int32](repeating: -1, count: 16)

  /// No texts yet.
  init() {}

  /// The texts of `names`, numbered from 0 on.
  init(_ names: [String]) {
    for name in names {
      var name = name
      name.withUTF8 { _ = insert($0) }
    }
  }

  /// How many there are.
  var count: Int { levels.count }

  /// The text of number `index`.
  func text(_ index: Int) -> [UInt8] {
    let level = levels[index]
    return Array(bytes[level.start..<(level.start + level.length)])
  }

  /// How often `count(_:)` was called with `index`.
  func trainCount(_ index: Int) -> Int { levels[index].trainCount }

  /// Counts an occurrence in the training split.
  mutating func count(_ index: Int) { levels[index].trainCount += 1 }

  /// The number of `text`; nil where it is not known. O(length).
  func find(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    let number = slots[slot(of: text)]
    return number < 0 ? nil : Int(number)
  }

  /// The number of `text`, which is the next one where it was not known. O(length).
  mutating func insert(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    let place = slot(of: text)
    if slots[place] >= 0 { return Int(slots[place]) }
    slots[place] = Int32(levels.count)
    levels.append(Level(start: bytes.count, length: text.count))
    bytes.append(contentsOf: text)
    if 2 * levels.count > slots.count { rehash() }
    return levels.count - 1
  }

  /// Where `text` stands, or would stand.
  private func slot(of text: UnsafeBufferPointer<UInt8>) -> Int {
    let mask = slots.count - 1
    var place = Self.hash(text) & mask
    while slots[place] >= 0, !isEqual(Int(slots[place]), text) { place = (place + 1) & mask }
    return place
  }

  private func isEqual(_ index: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let level = levels[index]
    guard level.length == text.count, let start = text.baseAddress else {
      return level.length == text.count
    }
    return bytes.withUnsafeBufferPointer { bytes in
      memcmp(bytes.baseAddress.map { $0 + level.start } ?? start, start, text.count) == 0
    }
  }

  private mutating func rehash() {
    slots = [Int32](repeating: -1, count: 2 * slots.count)
    for index in levels.indices {
      let place = text(index).withUnsafeBufferPointer { slot(of: $0) }
      slots[place] = Int32(index)
    }
  }

  /// FNV-1a: the fewest operations for texts of a few bytes. A file can be made whose texts all
  /// collide: a table of the most levels there may be then takes seconds, and stays right.
  private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: (hash ^ hash >> 32) & 0x7FFF_FFFF)
  }
}
