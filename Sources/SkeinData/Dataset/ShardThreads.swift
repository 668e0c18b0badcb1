import Glibc
import SkeinFiles
import Synchronization

/// The threads that read shards.
struct ShardThreads: Sendable {
  /// How many threads decode.
  let decoding: Int
  /// How many of these have a thread beside them that hashes what they decode.
  let hashing: Int

  /// - Parameters:
  ///   - count: how many threads may decode, > 0.
  ///   - shards: how many shards there are.
  ///   - cores: how many cores there are. Hashing takes those that are left over, whatever `count`
  ///     is, as `zstd -dc` reads and writes on threads of its own.
  init(_ count: Int, shards: Int, cores: Int = Self.cores) {
    require(count >= 1, "\(count) threads")
    decoding = min(count, shards)
    hashing = max(0, min(decoding, max(count, cores) - decoding))
  }

  /// The cores of the machine.
  static let cores = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))

  /// The order in which shards are taken: the largest first, so that no thread begins a large one
  /// when the others are done. Shards of one size keep their order.
  ///
  /// Both sizes of a file count: hashing takes time per compressed byte, decoding per raw byte.
  static func largestFirst(_ shards: [Manifest.Shard]) -> [Int] {
    let sizes = shards.map { shard in
      Manifest.sum(shard.files.flatMap { [$0.bytes, $0.rawBytes] })
    }
    return shards.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
  }

  /// Calls `body` with the number of each shard, once, and with the workspace of the thread that it
  /// runs on; as many threads as the system gives. `isCancelled` is asked before each shard.
  ///
  /// - Returns: What `body` returned, in the order of `shards`.
  /// - Throws: What the body with the lowest number threw; `CancellationError` once cancelled.
  func forEach<Value: Sendable>(
    _ shards: [Manifest.Shard], isCancelled: @Sendable () -> Bool,
    _ body: @Sendable (Int, ShardWorkspace) throws -> Value
  ) throws -> [Value] {
    let order = Self.largestFirst(shards)
    let taken = Mutex(0)
    let hashing = Mutex(hashing)
    let results = Mutex([Result<Value, any Error>?](repeating: nil, count: shards.count))
    HelperThread.run(upTo: decoding) {
      let hashesBeside = hashing.withLock { left in
        defer { left -= 1 }
        return left > 0
      }
      let workspace = ShardWorkspace(hashesBeside: hashesBeside)
      while true {
        let next = taken.withLock { taken in
          defer { taken += 1 }
          return taken
        }
        guard next < order.count, !isCancelled() else { return }
        let index = order[next]
        let result = Result { try body(index, workspace) }
        results.withLock { $0[index] = result }
      }
    }
    let done = try results.withLock { try $0.compactMap { try $0?.get() } }
    guard done.count == shards.count else { throw CancellationError() }
    return done
  }
}

/// Counts shards that are done, on any thread.
final class ShardCounter: Sendable {
  private let done = Mutex(0)
  private let total: Int
  private let report: @Sendable (Int, Int) -> Void

  init(total: Int, _ report: @escaping @Sendable (_ done: Int, _ total: Int) -> Void) {
    self.total = total
    self.report = report
  }

  func count() {
    let done = done.withLock { done in
      done += 1
      return done
    }
    report(done, total)
  }
}
