import Glibc
import SkeinFiles
import SkeinWorkers
import Synchronization

/// Takes signals as requests to stop. The first one lets training finish its step and save. The
/// second one ends the process at once.
///
/// The signal handlers use nothing but atomics. They need no thread, and they work from the first
/// instruction of `main` to the last. A signal that was ignored when the process started stays
/// ignored, such as SIGHUP under `nohup`.
final class Interruption: Sendable {
  /// The signals that ask a process to end, or announce that it will be ended. INT and TERM come
  /// from people and systems, HUP from a terminal that closes, and USR1, USR2 and XCPU from batch
  /// schedulers.
  static let names: [(number: Int32, name: String)] = [
    (SIGINT, "SIGINT"), (SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP"), (SIGUSR1, "SIGUSR1"),
    (SIGUSR2, "SIGUSR2"), (SIGXCPU, "SIGXCPU"),
  ]

  /// The first signal that came; 0 if none has.
  static var signal: Int32 { Received.shared.signal }

  /// Raised by the first signal.
  let stop = Received.shared.stop

  /// Puts the handlers in place. From here on the signals do not end the process by themselves.
  init() { Self.install() }

  /// Whether the command in `arguments` writes files that a signal must not leave half written.
  /// Signals end all other commands in the usual way.
  ///
  /// - Parameter arguments: the words of the command line. The program's name comes first.
  static func isWanted(by arguments: [String]) -> Bool {
    let words = arguments.dropFirst().prefix(2)
    guard let first = words.first else { return false }
    let reads = ["inspect", "verify", "show"]
    return first == "train" || first == "data" && !reads.contains(words.last ?? "")
  }

  /// Puts the handlers in place. Another call does nothing.
  static func install() {
    // The object is made here, because a handler must not be the first to use it.
    guard Received.shared.isInstalled.exchange(true, ordering: .sequentiallyConsistent) == false
    else { return }
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { Received.shared.note($0) }
    // A system call that a signal interrupts then goes on, as if no signal had come.
    action.sa_flags = SA_RESTART
    for (number, _) in names { sigaddset(&action.sa_mask, number) }
    for (number, _) in names where !isIgnored(number) { sigaction(number, &action, nil) }
  }

  /// Lets signals through that the parent process has blocked.
  ///
  /// A process inherits the signals that are blocked in the thread that starts it. None of those
  /// could end it.
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

  /// Ends the command once a signal has come.
  ///
  /// - Throws: `Interrupted`, with `message`.
  func check(_ message: @autoclosure () -> String) throws {
    let number = Self.signal
    if number != 0 { throw Interrupted(signal: number, message: message()) }
  }
}

/// The first signal that came. Signal handlers call its methods, which therefore use nothing but
/// atomics.
private final class Received: Sendable {
  static let shared = Received()

  let stop = StopRequest()
  let isInstalled = Atomic<Bool>(false)
  /// The number of the first signal; 0 for none.
  private let first = Atomic<Int32>(0)
  /// When the first signal came, in nanoseconds of the monotonic clock; 0 before.
  private let time = Atomic<Int>(0)

  var signal: Int32 { first.load(ordering: .sequentiallyConsistent) }

  /// A second signal within so many nanoseconds belongs to the same request: `timeout` and
  /// terminals signal a process, and then its group.
  private static let echo = 100_000_000

  func note(_ number: Int32) {
    let code = errno
    defer { errno = code }
    let (isFirst, _) = first.compareExchange(
      expected: 0, desired: number, ordering: .sequentiallyConsistent)
    if isFirst {
      time.store(NanosecondClock.monotonic.now(), ordering: .sequentiallyConsistent)
      return stop.raise()
    }
    // The system repeats XCPU every second, so a second XCPU is no second request.
    guard number != SIGXCPU else { return }
    let start = time.load(ordering: .sequentiallyConsistent)
    if start != 0 && NanosecondClock.monotonic.now() - start > Self.echo { _exit(128 + number) }
  }
}

/// The error that a command ends with after a signal. Nothing is left half written.
struct Interrupted: ExitCoded, CustomStringConvertible {
  let signal: Int32
  let message: String

  /// 130 for SIGINT, 143 for SIGTERM, and so on.
  var exitCode: Int32 { 128 + signal }

  var description: String {
    let name = Interruption.names.first { $0.number == signal }?.name ?? "signal \(signal)"
    return "stopped by \(name)\(message.isEmpty ? "" : ": ")\(message)"
  }
}
