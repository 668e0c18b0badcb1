import Glibc
import Synchronization

/// Binds workers' threads to PUs, and lets them go again: both are threads of others, of Dispatch
/// and of whoever calls the scheduler.
///
/// The leader is bound in its first phase. Threads that it makes from then on begin with its PUs;
/// long-lived ones, such as those that decode, are made before.
final class WorkerBinding: Sendable {
  private let topology: LoadedTopology
  private let units: [[Int]]
  /// The bound leader's thread; 0 for none.
  private let leader = Atomic<UInt>(0)

  /// - Parameter units: the PUs of each worker, by the system's numbers.
  init?(_ units: [[Int]]) {
    guard let topology = LoadedTopology.machine else { return nil }
    self.topology = topology
    self.units = units
  }

  /// Binds the calling thread as that of `worker`.
  func bind(_ worker: Int) { topology.bindThread(to: units[worker]) }

  /// Lets the calling thread run wherever the process may.
  func unbind() { topology.bindThread(to: Machine.allowedUnits.sorted()) }

  /// Binds the calling thread as that of worker 0, the first time.
  @inline(__always)
  func bindLeader() {
    guard leader.load(ordering: .relaxed) == 0 else { return }
    leader.store(UInt(pthread_self()), ordering: .relaxed)
    bind(0)
  }

  /// Lets the leader go, if it is the calling thread: another one may have ended.
  func unbindLeader() {
    if leader.load(ordering: .relaxed) == UInt(pthread_self()) { unbind() }
  }
}
