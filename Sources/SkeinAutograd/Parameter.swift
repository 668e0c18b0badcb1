/// A leaf that lies in a buffer which several tapes share.
struct Parameter {
  let node: Int
  /// Its elements in the buffer.
  let range: Range<Int>
  /// Where backward passes add its gradient to what stands there, in a buffer that tapes share; nil
  /// where each backward pass writes to `ownGradient`.
  var sharedGradient: UnsafeMutablePointer<Float>?
  /// Where backward passes write its gradient; nil as long as none has had to.
  var ownGradient: UnsafeMutablePointer<Float>?
}
