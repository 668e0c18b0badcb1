import SkeinFiles

/// The sizes of a tensor's axes, row-major: the last axis is contiguous. `[]` is a scalar.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// One size per axis.
  public let sizes: [Int]
  /// How many elements that is: the product of the sizes, 1 for a scalar.
  public let count: Int

  /// - Precondition: no size is negative, and their product fits an `Int`.
  public init(_ sizes: [Int]) {
    var count = 1
    for size in sizes {
      require(size >= 0, "a shape with a negative size: \(sizes)")
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      require(!overflow, "a shape with too many elements: \(sizes)")
      count = product
    }
    self.sizes = sizes
    self.count = count
  }

  /// The shape with these sizes, as `[2, 3]`.
  public init(arrayLiteral sizes: Int...) { self.init(sizes) }

  /// The number of axes.
  public var rank: Int { sizes.count }

  /// The size of one axis; negative axes count from the end.
  public subscript(axis: Int) -> Int { sizes[axis < 0 ? axis + rank : axis] }

  /// The sizes, as "[2, 3]".
  public var description: String { "[" + sizes.map(String.init).joined(separator: ", ") + "]" }

  /// The shape that both broadcast to, or nil where they don't fit: axes align at the end, and an
  /// axis of size 1 stretches to the other's size, as in NumPy.
  public func broadcast(with other: Shape) -> Shape? {
    let rank = max(self.rank, other.rank)
    var sizes: [Int] = []
    for axis in 0..<rank {
      let a = axis - rank + self.rank >= 0 ? self.sizes[axis - rank + self.rank] : 1
      let b = axis - rank + other.rank >= 0 ? other.sizes[axis - rank + other.rank] : 1
      guard a == b || a == 1 || b == 1 else { return nil }
      sizes.append(a == 1 ? b : a)
    }
    return Shape(sizes)
  }

  /// The same shape with `axis` set to `size`.
  func replacing(axis: Int, with size: Int) -> Shape {
    var sizes = self.sizes
    sizes[axis] = size
    return Shape(sizes)
  }

  /// The same shape without `axis`.
  func dropping(axis: Int) -> Shape {
    var sizes = self.sizes
    sizes.remove(at: axis)
    return Shape(sizes)
  }

  /// `axis` counted from the front; stops where the shape has no such axis.
  func resolve(axis: Int, for operation: String) -> Int {
    let resolved = axis < 0 ? axis + rank : axis
    require(sizes.indices.contains(resolved), "\(operation): axis \(axis) of shape \(self)")
    return resolved
  }
}

/// A row-major tensor seen from one axis: `outer` blocks of `count` rows of `inner` elements.
/// Element (o, i, r) lies at `(o · count + i) · inner + r`.
struct AxisGeometry: Sendable {
  var outer: Int
  var count: Int
  var inner: Int

  init(_ shape: Shape, axis: Int) {
    outer = shape.sizes[..<axis].reduce(1, *)
    count = shape.sizes[axis]
    inner = shape.sizes[(axis + 1)...].reduce(1, *)
  }

  /// All of `shape` as one axis.
  init(flat shape: Shape) { (outer, count, inner) = (1, shape.count, 1) }
}
