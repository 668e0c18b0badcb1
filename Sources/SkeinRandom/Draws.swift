import SkeinFiles

extension MersenneTwister {
  /// The next `Float` in [0, 1): the low 24 bits of one draw times 2⁻²⁴, as `torch.rand`.
  public mutating func uniform() -> Float {
    Float(next32() & 0xff_ffff) * 0x1p-24
  }

  /// The next `Float` in [`lower`, `upper`): `uniform() · (upper − lower) + lower`, as
  /// `Tensor.uniform_`.
  public mutating func uniform(_ lower: Float, _ upper: Float) -> Float {
    uniform() * (upper - lower) + lower
  }

  /// A random order of `0..<count`, as `torch.randperm(count)`. O(count).
  ///
  /// A Fisher-Yates walk upwards: position `i` swaps with `i + next % (count − i)`.
  ///
  /// - Precondition: `0 ≤ count ≤ Int32.max`.
  public mutating func permutation(_ count: Int) -> [Int32] {
    require(count >= 0 && count <= Int(Int32.max), "permutation of \(count) numbers")
    return [Int32](unsafeUninitializedCapacity: count) { order, initialized in
      _ = order.initialize(fromContentsOf: 0..<Int32(count))
      for i in 0..<max(count - 1, 0) {
        order.swapAt(i, i + Int(next32()) % (count - i))
      }
      initialized = count
    }
  }
}
