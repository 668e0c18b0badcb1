import Dispatch
import Glibc
import SkeinFiles
import Synchronization

/// A worker's thread could not be started. The command line ends with exit code 7.
public struct WorkerStartError: ExitCoded, Sendable, Equatable, CustomStringConvertible {
  /// The exit code of the command line for this error.
  public var exitCode: Int32 { 7 }

  /// Which one, counted from 1.
  public let worker: Int
  /// How many there should be.
  public let workers: Int
  /// The system's error number.
  public let code: Int32

  /// Which worker, why, and what to do, in one line.
  public var description: String {
    "worker \(worker) of \(workers) could not be started: \(FileSystemError.text(of: code)); use "
      + "fewer threads (--threads \(max(1, worker - 1))), or raise the limits of processes "
      + "(ulimit -u) and of memory (ulimit -v)"
  }
}

/// Gets Dispatch to start threads, or says that it can't.
///
/// Where the system refuses a thread, Dispatch sleeps inside the caller and tries again for ever,
/// without a word. So threads are tried first, all of them at once, with the system's own call;
/// Dispatch is then asked by a thread that nobody waits for, and each block that it runs checks in.
enum WorkerStart {
  /// Starts `blocks` blocks, which run at the same time, as far as the system gives threads.
  ///
  /// - Throws: `WorkerStartError` about the first worker without a thread; worker 1 is the caller.
  static func start(blocks: Int, _ body: @escaping @Sendable (Int) -> Void) throws {
    guard blocks > 0 else { return }
    // The thread that asks Dispatch counts against the same limits: one more than the blocks.
    let probe = ThreadProbe.run(blocks + 1)
    guard probe.started > blocks else {
      throw WorkerStartError(
        worker: min(probe.started, blocks - 1) + 2, workers: blocks + 1, code: probe.code)
    }
    let arrivals = Arrivals()
    let ask: @Sendable () -> Void = {
      for block in 0..<blocks {
        DispatchQueue(label: "skein.worker.\(block + 1)", qos: .userInitiated).async {
          arrivals.add()
          body(block)
        }
      }
    }
    do {
      _ = try HelperThread(ask)
    } catch {
      throw WorkerStartError(worker: blocks + 1, workers: blocks + 1, code: error.code)
    }
    try arrivals.wait(for: blocks)
  }

  /// Counts the blocks that run.
  private final class Arrivals: Sendable {
    private let count = Atomic<Int>(0)
    private let semaphore = DispatchSemaphore(value: 0)

    func add() {
      count.add(1, ordering: .sequentiallyConsistent)
      semaphore.signal()
    }

    /// Waits as long as threads can be had: on a busy machine a new one may take seconds to run.
    ///
    /// - Throws: `WorkerStartError` where others have taken the threads since they were tried.
    func wait(for blocks: Int) throws {
      var refusals = 0
      for _ in 0..<blocks {
        while semaphore.wait(timeout: .now() + .milliseconds(300)) == .timedOut {
          let probe = ThreadProbe.run(1)
          refusals = probe.started == 0 ? refusals + 1 : 0
          guard refusals < 3 else {
            let arrived = count.load(ordering: .sequentiallyConsistent)
            throw WorkerStartError(worker: arrived + 2, workers: blocks + 1, code: probe.code)
          }
        }
      }
    }
  }
}

/// Finds out how many threads the system gives.
enum ThreadProbe {
  /// Starts `count` threads that are all there at once, and ends them.
  ///
  /// - Returns: how many there were, and the error number of the one that was refused.
  static func run(_ count: Int) -> (started: Int, code: Int32) {
    let gate = Gate()
    var places: [Place] = []
    var threads: [HelperThread] = []
    var code: Int32 = 0
    while threads.count < count && code == 0 {
      do {
        let place = Place()
        // As large a stack as Dispatch's threads will have.
        threads.append(try HelperThread(stackSize: nil) { gate.pass(noting: place) })
        places.append(place)
      } catch {
        code = error.code
      }
    }
    gate.open()
    for thread in threads { thread.join() }
    waitUntilGone(places)
    return (threads.count, code)
  }

  /// Where the system lists a thread. `@unchecked Sendable`: the thread alone writes it, and it is
  /// read once the thread has been joined.
  private final class Place: @unchecked Sendable {
    var path: String?
  }

  /// Holds threads until it is opened.
  private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let isOpen = Atomic<Bool>(false)

    func pass(noting place: Place) {
      var bytes = [CChar](repeating: 0, count: 64)
      let length = readlink("/proc/thread-self", &bytes, 63)
      let entry = bytes.prefix(max(0, length)).map { UInt8(bitPattern: $0) }
      if length > 0 { place.path = "/proc/" + String(decoding: entry, as: UTF8.self) }
      if !isOpen.load(ordering: .sequentiallyConsistent) { semaphore.wait() }
      // Lets the next one through.
      semaphore.signal()
    }

    func open() {
      isOpen.store(true, ordering: .sequentiallyConsistent)
      semaphore.signal()
    }
  }

  /// A thread that was joined counts for a moment still: the system strikes it off its lists a
  /// little later. At most 0.1 s.
  private static func waitUntilGone(_ places: [Place]) {
    let paths = places.compactMap(\.path)
    for _ in 0..<1000 {
      if paths.allSatisfy({ access($0, F_OK) != 0 }) { return }
      usleep(100)
    }
  }
}
