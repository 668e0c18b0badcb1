/// Ends the process with `message`: the caller broke a rule of the API that no input can break.
///
/// In a release build a `precondition` that fails ends the process without its message, and the
/// message has the shape or the number that was wrong. `fatalError` prints it in every build.
@inline(never)
@usableFromInline
package func misuse(_ message: @autoclosure () -> String) -> Never {
  fatalError(message())
}

/// Stops with `message` unless `condition` holds.
///
/// Inlined into other modules: loops over a batch's rows check each of them, and calls for that
/// were an eightieth of a small network's step.
@inlinable
@inline(__always)
package func require(_ condition: Bool, _ message: @autoclosure () -> String) {
  if !condition { misuse(message()) }
}
