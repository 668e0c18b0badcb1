import Glibc
import SkeinFiles
import SkeinTraining
import SkeinWorkers
import Synchronization

/// Signals as a wish to stop: the first one lets training finish its step and save, the second one
/// ends the process at once.
///
/// Plain signal handlers that only touch atomics: they need no thread, and work from the first
/// instruction of `main` to the last. A signal that was ignored when the process was started, as
/// `nohup` ignores SIGHUP, stays ignored.
final class Interruption: Sendable {
  /// What asks a process to end, or announces that it will be ended: INT and TERM from people and
  /// systems, HUP from a terminal that closes, USR1, USR2 and XCPU from batch schedulers.
  static let names: [(number: Int32, name: String)] = [
    (SIGINT, "SIGINT"), (SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP"), (SIGUSR1, "SIGUSR1"),
    (SIGUSR2, "SIGUSR2"), (SIGXCPU, "SIGXCPU"),
  ]

  /// The first signal that came; 0 for none.
  static var signal: Int32 { Received.shared.signal }

  /// Raised by the first signal.
  let stop = Received.shared.stop

  /// From here on the signals no longer end the process by themselves.
  init() { Self.install() }

  /// Whether the command in `arguments`, the first of which is the program's name, writes what a
  /// signal must not leave half done. The others end as the system has it.
  static func isWanted(by arguments: [String]) -> Bool {
    let words = arguments.dropFirst().prefix(2)
    guard let first = words.first else { return false }
    let reads = ["inspect", "verify", "show"]
    return first == "train" || first == "data" && !reads.contains(words.last ?? "")
  }

  /// Puts the handlers in place; again is nothing.
  static func install() {
    // Made here, because a handler must not be the first to ask for it.
    guard Received.shared.isInstalled.exchange(true, ordering: .sequentiallyConsistent) == false
    else { return }
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { Received.shared.note($0) }
    // A call that a signal interrupts goes on by itself, as if nothing had come.
    action.sa_flags = SA_RESTART
    for (number, _) in names { sigaddset(&action.sa_mask, number) }
    for (number, _) in names where !isIgnored(number) { sigaction(number, &action, nil) }
  }

  /// Lets the signals through that whoever started the process held back: a program that starts
  /// others from a thread without signals hands that on, and then no signal would end them.
  static func unblock() {
    var set = sigset_t()
    sigemptyset(&set)
    for (number, _) in names { sigaddset(&set, number) }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var before = sigaction()
    sigaction(number, nil, &before)
    // SIG_IGN is the number 1 in place of an address.
    return unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self) == 1
  }

  /// - Throws: `Interrupted` once a signal has come.
  func check(_ message: @autoclosure () -> String) throws {
    let number = Self.signal
    if number != 0 { throw Interrupted(signal: number, message: message()) }
  }
}

/// The first signal that came. Its methods are called in signal handlers: atomics only.
private final class Received: Sendable {
  static let shared = Received()

  let stop = StopRequest()
  let isInstalled = Atomic<Bool>(false)
  /// 0 for none.
  private let first = Atomic<Int32>(0)
  /// When the first one came, in nanoseconds of the monotonic clock; 0 before.
  private let time = Atomic<Int>(0)

  var signal: Int32 { first.load(ordering: .sequentiallyConsistent) }

  /// One wish may arrive twice: `timeout` and terminals signal a process and then its group.
  private static let echo = 100_000_000

  func note(_ number: Int32) {
    let code = errno
    defer { errno = code }
    let (isFirst, _) = first.compareExchange(
      expected: 0, desired: number, ordering: .sequentiallyConsistent)
    if isFirst {
      time.store(Clock.monotonic.now(), ordering: .sequentiallyConsistent)
      return stop.raise()
    }
    // The system repeats XCPU every second.
    guard number != SIGXCPU else { return }
    let start = time.load(ordering: .sequentiallyConsistent)
    if start != 0 && Clock.monotonic.now() - start > Self.echo { _exit(128 + number) }
  }
}

/// A signal ended the command, after a clean save.
struct Interrupted: Error, CustomStringConvertible {
  let signal: Int32
  let message: String

  /// 130 for SIGINT, 143 for SIGTERM, and so on.
  var exitCode: Int32 { 128 + signal }

  var description: String {
    let name = Interruption.names.first { $0.number == signal }?.name ?? "signal \(signal)"
    return "stopped by \(name)\(message.isEmpty ? "" : ": ")\(message)"
  }
}
