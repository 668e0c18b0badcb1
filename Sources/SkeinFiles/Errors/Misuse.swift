/// Ends the process with `message`: the caller broke a rule of the API that no input can break.
///
/// `precondition` would say nothing in a release build, and the shapes are what one needs to know,
/// so this is the one place in the module that stops with a message in every build.
@inline(never)
package func misuse(_ message: @autoclosure () -> String) -> Never {
  fatalError(message())
}

/// Stops with `message` unless `condition` holds.
@inline(__always)
package func require(_ condition: Bool, _ message: @autoclosure () -> String) {
  if !condition { misuse(message()) }
}
