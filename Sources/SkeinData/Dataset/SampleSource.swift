/// Where a trainer gets samples from: it asks for rows and never assumes one array in memory.
public protocol SampleSource: Sendable {
  /// The number of samples.
  var count: Int { get }
  /// The dimensions of one sample, such as [28, 28].
  var sampleShape: [Int] { get }
  /// The number of elements of one sample: the product of `sampleShape`.
  var sampleSize: Int { get }
  /// The number of classes; labels are in 0..<`classCount`.
  var classCount: Int { get }

  /// Copies the samples `rows` as `Float`, each element divided by `scale`, and their labels.
  ///
  /// - Parameters:
  ///   - rows: Sample numbers in 0..<`count`, in any order, repeated as often as wanted.
  ///   - scale: The divisor of every element, finite and not 0.
  ///   - samples: Receives `rows.count` × `sampleSize` values, row-major.
  ///   - labels: Receives `rows.count` labels.
  /// - Throws: where the samples cannot be had, as from a stream that broke off.
  func gather(
    _ rows: UnsafeBufferPointer<Int32>, scale: Float,
    samples: UnsafeMutableBufferPointer<Float>, labels: UnsafeMutableBufferPointer<Int32>) throws

  /// Says that `rows` will be gathered soon, so that a source may bring them nearer meanwhile.
  /// Returns at once, and changes nothing that `gather` gives.
  func prefetch(_ rows: UnsafeBufferPointer<Int32>)
}

extension SampleSource {
  public func prefetch(_ rows: UnsafeBufferPointer<Int32>) {}
}
