import Dispatch
import Foundation
import SkeinTraining
import Synchronization

/// SIGINT and SIGTERM as a wish to stop: the first one lets training finish its step and save, the
/// second one ends the process at once.
final class Interruption {
  let stop = StopRequest()
  private let received = Received()
  private let sources: [any DispatchSourceSignal]

  /// The first signal that came; 0 for none.
  private final class Received: Sendable {
    let signal = Atomic<Int32>(0)
  }

  /// From here on the two signals no longer end the process by themselves.
  init() {
    let queue = DispatchQueue(label: "skein.signals", qos: .userInteractive)
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: queue)
    }
    for (source, number) in zip(sources, [SIGINT, SIGTERM]) {
      source.setEventHandler { [received, stop] in
        let (isFirst, _) = received.signal.compareExchange(
          expected: 0, desired: number, ordering: .sequentiallyConsistent)
        guard isFirst else { _exit(128 + number) }
        stop.raise()
      }
      source.resume()
    }
  }

  /// - Throws: `Interrupted` once a signal has come.
  func check(_ message: @autoclosure () -> String) throws {
    let number = received.signal.load(ordering: .sequentiallyConsistent)
    if number != 0 { throw Interrupted(signal: number, message: message()) }
  }
}

/// A signal ended the command, after a clean save.
struct Interrupted: Error, CustomStringConvertible {
  let signal: Int32
  let message: String

  /// 130 for SIGINT, 143 for SIGTERM.
  var exitCode: Int32 { 128 + signal }

  var description: String {
    "stopped by \(signal == SIGINT ? "SIGINT" : "SIGTERM")\(message.isEmpty ? "" : ": ")\(message)"
  }
}
