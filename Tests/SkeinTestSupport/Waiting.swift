import Foundation

/// Waits until `condition` holds, at most so many seconds. Whether it does.
@discardableResult
package func waitUntil(atMost seconds: Double = 60, _ condition: () -> Bool) -> Bool {
  let deadline = Date(timeIntervalSinceNow: seconds)
  while !condition() {
    guard Date() < deadline else { return false }
    usleep(2000)
  }
  return true
}

extension Process {
  /// Waits for its end, and ends it by SIGKILL where it lasts longer than so many seconds: no test
  /// waits for ever.
  package func end(atMost seconds: Double = 600) {
    waitUntil(atMost: seconds) { !isRunning }
    if isRunning { kill(processIdentifier, SIGKILL) }
    waitUntilExit()
  }
}
