import SkeinFiles
import Synchronization

/// A stream that a thread of its own reads, while the writer compresses what came before.
///
/// It holds up to `depth` pieces of at most `piece` samples. Where the system gives no thread, the
/// writer's thread reads.
final class AheadStream<Base: SampleStream & Sendable> {
  /// What reader and writer share.
  ///
  /// `@unchecked Sendable`: the reader writes a piece after it has taken `room` and before it posts
  /// `filled`; the writer reads it after it has taken `filled` and before it posts `room`. `base`
  /// is the reader's alone until it has ended.
  private final class Shared: @unchecked Sendable {
    var base: Base
    var pieces: [Piece]
    let room = Semaphore()
    let filled = Semaphore()
    let isStopped = Atomic(false)

    init(_ base: Base, _ pieces: [Piece]) { (self.base, self.pieces) = (base, pieces) }
  }

  /// Samples and their targets, or the error that ended the reading.
  private struct Piece {
    let samples: UnsafeMutableRawBufferPointer
    let targets: TargetMemory
    var error: (any Error)?
  }

  /// How many pieces are read ahead: more than a shard has, so that the reader goes on while the
  /// writer compresses one.
  private static var depth: Int { 10 }

  let count: Int
  let sample: Manifest.Sample
  let name: String
  let outputs: Int?
  let hasWeights: Bool
  private let shared: Shared
  private let thread: HelperThread?
  private let sampleBytes: Int
  private let pieceCount: Int
  /// The piece that samples are taken from, and how many of it are.
  private var current = 0
  private var taken: Int
  private var given = 0

  /// - Parameter piece: samples of a piece, > 0.
  init(_ base: Base, piece: Int) {
    (count, sample, name) = (base.count, base.sample, base.name)
    sampleBytes = (sample.shape + [sample.type.size]).reduce(1, *)
    pieceCount = piece
    taken = piece
    let (bytes, outputs) = (sampleBytes, base.outputs)
    self.outputs = outputs
    hasWeights = base.hasWeights
    let shared = Shared(
      base,
      (0..<Self.depth).map { _ in
        Piece(
          samples: .allocate(byteCount: piece * bytes, alignment: 16),
          targets: .allocate(piece, outputs: outputs, hasWeights: base.hasWeights))
      })
    self.shared = shared
    let total = count
    thread = try? HelperThread {
      var (index, first) = (0, 0)
      while first < total {
        shared.room.wait()
        if shared.isStopped.load(ordering: .relaxed) { return }
        let rows = min(piece, total - first)
        Self.fill(&shared.pieces[index], &shared.base, rows, bytes)
        let hasFailed = shared.pieces[index].error != nil
        shared.filled.post()
        if hasFailed { return }
        first += rows
        index = (index + 1) % Self.depth
      }
    }
    for _ in 0..<Self.depth { shared.room.post() }
  }

  deinit {
    stop()
    for piece in shared.pieces {
      piece.samples.deallocate()
      piece.targets.deallocate()
    }
  }

  private static func fill(_ piece: inout Piece, _ base: inout Base, _ rows: Int, _ bytes: Int) {
    do {
      try base.next(
        samples: UnsafeMutableRawBufferPointer(rebasing: piece.samples[..<(rows * bytes)]),
        targets: piece.targets.part(0..<rows, outputs: base.outputs ?? 1))
    } catch {
      piece.error = error
    }
  }

  /// Ends the thread.
  private func stop() {
    guard let thread else { return }
    shared.isStopped.store(true, ordering: .relaxed)
    shared.room.post()
    thread.join()
  }

  /// Ends the reading, and returns the stream behind it.
  func base() -> Base {
    stop()
    return shared.base
  }
}

extension AheadStream: SampleStream {
  func next(samples: UnsafeMutableRawBufferPointer, targets: TargetMemory) throws {
    guard thread != nil else { return try shared.base.next(samples: samples, targets: targets) }
    let wanted = samples.count / sampleBytes
    var done = 0
    while done < wanted {
      if taken == pieceCount {
        shared.filled.wait()
        taken = 0
      }
      let piece = shared.pieces[current]
      if let error = piece.error { throw error }
      let rows = min(wanted - done, pieceCount - taken, count - given)
      UnsafeMutableRawBufferPointer(rebasing: samples[(done * sampleBytes)...]).copyMemory(
        from: UnsafeRawBufferPointer(
          rebasing: piece.samples[(taken * sampleBytes)..<((taken + rows) * sampleBytes)]))
      let width = outputs ?? 1
      targets.part(done..<(done + rows), outputs: width)
        .copy(piece.targets.part(taken..<(taken + rows), outputs: width))
      (done, taken, given) = (done + rows, taken + rows, given + rows)
      if taken == pieceCount {
        current = (current + 1) % Self.depth
        shared.room.post()
      }
    }
  }

  func finish() throws {
    thread?.join()
    try shared.base.finish()
  }
}
