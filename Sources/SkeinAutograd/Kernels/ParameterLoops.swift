/// Loops over one range of parameter-sized buffers: what the reducer and the optimizer consist of.
///
/// All are element-wise, so that any cut of a range gives the same bits.
public enum ParameterLoops {
  /// sum[i] += other[i].
  public static func add(_ other: FloatBuffer, to sum: FloatBuffer, _ range: Range<Int>) {
    let (source, target) = (pointer(other, range), pointer(sum, range))
    each(range.count) { i in
      target.store(target.vector(i) + source.vector(i), i)
    } last: { i in
      target[i] += source[i]
    }
  }

  /// x[i] *= factor.
  public static func scale(_ x: FloatBuffer, by factor: Float, _ range: Range<Int>) {
    let target = pointer(x, range)
    each(range.count) { i in
      target.store(target.vector(i) * factor, i)
    } last: { i in
      target[i] *= factor
    }
  }

  /// p ← p − rate · (g + decay · p).
  ///
  /// - Returns: whether all of the new p are finite.
  public static func descend(
    _ parameters: FloatBuffer, gradient: FloatBuffer, rate: Float, decay: Float,
    _ range: Range<Int>
  ) -> Bool {
    let (p, g) = (pointer(parameters, range), pointer(gradient, range))
    // 0 · x is 0 for finite x and NaN for all others, and a sum keeps a NaN.
    var (check, lastCheck) = (Vector.zero, Float(0))
    each(range.count) { i in
      let old = p.vector(i)
      let new = old - rate * (g.vector(i) + decay * old)
      check += new * 0
      p.store(new, i)
    } last: { i in
      p[i] -= rate * (g[i] + decay * p[i])
      lastCheck += p[i] * 0
    }
    return (check.sum() + lastCheck) == 0
  }

  /// v ← momentum · v + (g + decay · p); p ← p − rate · v.
  ///
  /// - Returns: whether all of the new p are finite.
  public static func descend(
    _ parameters: FloatBuffer, gradient: FloatBuffer, velocity: FloatBuffer, rate: Float,
    momentum: Float, decay: Float, _ range: Range<Int>
  ) -> Bool {
    let (p, g, v) = (
      pointer(parameters, range), pointer(gradient, range), pointer(velocity, range)
    )
    var (check, lastCheck) = (Vector.zero, Float(0))
    each(range.count) { i in
      let old = p.vector(i)
      let direction = momentum * v.vector(i) + (g.vector(i) + decay * old)
      let new = old - rate * direction
      check += new * 0
      v.store(direction, i)
      p.store(new, i)
    } last: { i in
      v[i] = momentum * v[i] + (g[i] + decay * p[i])
      p[i] -= rate * v[i]
      lastCheck += p[i] * 0
    }
    return (check.sum() + lastCheck) == 0
  }

  private static func pointer(
    _ buffer: FloatBuffer, _ range: Range<Int>
  ) -> UnsafeMutablePointer<Float> {
    buffer.check(range)
    return buffer.base + range.lowerBound
  }

  /// Calls `vector` for every eighth index of `0..<count`, and `last` for those that are left.
  @inline(__always)
  private static func each(_ count: Int, _ vector: (Int) -> Void, last: (Int) -> Void) {
    var index = 0
    while index + 8 <= count {
      vector(index)
      index += 8
    }
    while index < count {
      last(index)
      index += 1
    }
  }
}
