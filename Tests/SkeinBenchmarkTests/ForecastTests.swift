import SkeinWorkers
import Testing

@testable import SkeinBenchmark

/// Predictions from parts that are known, and how the parts are measured.
@Suite struct ForecastTests {
  @Test func theLastWorkerEndsAPhase() {
    #expect(Makespan.of([], workers: 3) == 0)
    #expect(Makespan.of([4], workers: 3) == 4)
    #expect(Makespan.of([1, 1, 1, 1], workers: 1) == 4)
    #expect(Makespan.of([1, 1, 1, 1], workers: 2) == 2)
    #expect(Makespan.of([1, 1, 1, 1], workers: 3) == 2)
    // The second worker takes the second item, which is the first one's.
    #expect(Makespan.of([5, 1, 1, 1], workers: 2) == 5)
    #expect(Makespan.of([1, 1, 1, 5], workers: 2) == 6)
    // At 2 the second worker takes one that takes 3.
    #expect(Makespan.of([3, 3, 1, 1, 1, 1], workers: 3) == 5)
    // As many as the pool has: twenty equal blocks on sixteen workers take two turns.
    #expect(Makespan.of([Double](repeating: 1, count: 20), workers: 16) == 2)
  }

  private let one = StepParts(cores: 1, slices: [800], items: [100, 100, 60], calls: 0, serial: 40)
  private let plenty = StepMemory(
    bytesPerSlice: 1e9, updateBytes: 1e9, touchedBytes: 1e9, cacheBytes: 2e9, rate: 1e9)

  @Test func oneCoreIsAsFastAsItself() {
    let forecast = StepForecast(one, against: one, memory: plenty, measured: 1)
    #expect(forecast.step == 1100 && forecast.speedup == 1 && forecast.measured == 1)
    #expect(
      forecast.parts
        == .init(
          ideal: 1100, passesCut: 0, passesUneven: 0, updateCut: 0, updateUneven: 0, calls: 0,
          serial: 0, memory: 0))
  }

  /// By hand: slices of 220, 220, 220 and 240 on four cores take 240, and items of 110, 110 and 60
  /// take 110; with 2 · 5 of calls and 44 between the halves, 404.
  @Test func partsAddUpToTheStep() {
    let parts = StepParts(
      cores: 4, slices: [220, 220, 220, 240], items: [110, 110, 60], calls: 5, serial: 44)
    let forecast = StepForecast(parts, against: one, memory: plenty)
    #expect(forecast.slices == 4 && forecast.items == 3 && forecast.measured == nil)
    #expect(forecast.step == 404 && forecast.speedup == 1100.0 / 404)
    #expect(
      forecast.parts
        == .init(
          ideal: 275, passesCut: 25, passesUneven: 15, updateCut: 5, updateUneven: 40, calls: 10,
          serial: 34, memory: 0))
    #expect(sum(forecast.parts) == forecast.step)
  }

  private func sum(_ parts: StepForecast.Parts) -> Double {
    parts.ideal + parts.passesCut + parts.passesUneven + parts.updateCut + parts.updateUneven
      + parts.calls + parts.serial + parts.memory
  }

  /// The passes read 300 bytes at 1 byte per nanosecond, once for all four slices: 60 ns more than
  /// they take. If each slice reads them from the memory, 960 ns more. The update's 150 bytes take
  /// 40 ns more than the update.
  @Test func memoryHoldsUpWhatDoesNotFitTheCache() {
    let parts = StepParts(
      cores: 4, slices: [220, 220, 220, 240], items: [110, 110, 60], calls: 5, serial: 44)
    var memory = StepMemory(
      bytesPerSlice: 300, updateBytes: 150, touchedBytes: 300, cacheBytes: 299, rate: 1e9)
    let short = StepForecast(parts, against: one, memory: memory)
    #expect(short.parts.memory == 100 && short.step == 504 && sum(short.parts) == 504)
    #expect(short.speedup == 1100.0 / 504 && short.worst == 1100.0 / 1404)
    memory.cacheBytes = nil
    #expect(StepForecast(parts, against: one, memory: memory) == short)
    memory.cacheBytes = 300
    let fits = StepForecast(parts, against: one, memory: memory)
    #expect(fits.parts.memory == 0 && fits.worst == fits.speedup)
    memory = StepMemory(
      bytesPerSlice: 1e9, updateBytes: 1e9, touchedBytes: 1e9, cacheBytes: nil, rate: 1e9)
    #expect(StepForecast(one, against: one, memory: memory).parts.memory == 0)
    // Eight slices on four cores read the weights twice: 600 bytes, 120 ns more than 480.
    let twice = StepParts(
      cores: 4, slices: [Double](repeating: 240, count: 8), items: [150], calls: 0, serial: 0)
    memory = StepMemory(
      bytesPerSlice: 300, updateBytes: 150, touchedBytes: 300, cacheBytes: 0, rate: 1e9)
    #expect(StepForecast(twice, against: one, memory: memory).parts.memory == 120)
  }

  /// Each item runs once, the played worker's on the first thread.
  @Test(arguments: [1, 2, 3, 16], [1, 2, 5, 40])
  func oneWorkerIsPlayed(workers: Int, items: Int) throws {
    let scheduler = try OneOfMany(workers: workers, clock: .monotonic)
    var all: [Int] = []
    for played in 0..<workers {
      scheduler.played = played
      let phase = Recording(items)
      try scheduler.run(phase)
      #expect(phase.workers.allSatisfy { [0, 1].contains($0) }, "\(phase.workers)")
      let own = (0..<items).filter { phase.workers[$0] == 0 }
      #expect(scheduler.phases.count == 1 && Array(scheduler.phases[0].own) == own)
      #expect(own.allSatisfy { scheduler.phases[0].times[$0] > 0 })
      all += own
    }
    #expect(all == Array(0..<items))
  }

  private final class Recording: Phase, @unchecked Sendable {
    let name = "recording"
    let itemCount: Int
    var workers: [Int]

    init(_ items: Int) {
      itemCount = items
      workers = [Int](repeating: -1, count: items)
    }

    func run(item: Int, worker: Int) {
      for _ in 0..<1000 { workers.withUnsafeMutableBufferPointer { $0[item] = worker } }
    }
  }

  @Test func callsTakeTime() throws {
    #expect(try CallCost.measure(workers: 1) == 0)
    for workers in [2, 5, 17] {
      let cost = try CallCost.measure(workers: workers, rounds: 20, repeats: 2)
      #expect(cost > 0 && cost.isFinite)
    }
  }
}
