import SkeinRecord
import Synchronization
import Testing

@testable import SkeinRun
@testable import SkeinTraining
@testable import SkeinWorkers

/// The tuner on machines that are made up: how long a step takes says a function of the workers and
/// of the time.
@Suite struct ThreadTunerTests {
  /// A training on such a machine.
  private final class Simulation {
    private final class Time: Sendable { let now = Atomic<Int>(0) }

    private let time = Time()
    private let stepsPerEpoch: Int
    private let seconds: (_ workers: Int, _ now: Double) -> Double
    private var progress = TrainingProgress()
    private var tuner: ThreadTuner?
    private var active = 0
    private var epochStart = 0.0
    /// What was told: the epoch, the choice, and the counts that were tried.
    var told: [(epoch: Int, workers: Int, tried: [Int])] = []
    /// Seconds of training with each count.
    var spent: [Int: Double] = [:]

    /// - Parameter seconds: how long a step that begins at `now` takes.
    init(
      workers: Int, stepsPerEpoch: Int = 1000,
      seconds: @escaping (_ workers: Int, _ now: Double) -> Double
    ) {
      self.stepsPerEpoch = stepsPerEpoch
      self.seconds = seconds
      progress.batches = stepsPerEpoch
      active = workers
      tuner = ThreadTuner(
        workers: workers, clock: NanosecondClock { [time] in time.now.load(ordering: .relaxed) },
        activate: { [unowned self] in
          #expect((1...workers).contains($0))
          active = $0
        },
        chosen: { [unowned self] in told.append((progress.epoch, $0, $1.map(\.workers))) })
    }

    var now: Double { Double(time.now.load(ordering: .relaxed)) / 1e9 }

    /// Trains until so many seconds have passed on the machine's clock.
    func run(until end: Double) {
      while now < end {
        let duration = seconds(active, now)
        spent[active, default: 0] += duration
        time.now.add(Int(duration * 1e9), ordering: .relaxed)
        progress.step += 1
        progress.batch += 1
        tuner?.stepEnded(progress)
        guard progress.batch == stepsPerEpoch else { continue }
        // An evaluation, of a fifth of the epoch's time.
        time.now.add(Int((now - epochStart) * 0.2e9), ordering: .relaxed)
        epochStart = now
        progress.epoch += 1
        progress.batch = 0
        tuner?.epochEnded(.ended, progress)
      }
    }

    /// The share of the time until now that was trained with `workers`.
    func share(of workers: Int) -> Double {
      spent[workers, default: 0] / spent.values.reduce(0, +)
    }

    /// The share of the training time between now and `end` with `workers`.
    func share(of workers: Int, until end: Double) -> Double {
      spent = [:]
      run(until: end)
      return share(of: workers)
    }
  }

  /// Numbers between 0 and 1 that look random, the same ones in every run.
  private struct Noise {
    private var state: UInt64 = 1
    mutating func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
  }

  /// Amdahl's law with a cost per worker: fastest at √(parallel / cost) workers.
  private static func seconds(_ workers: Int, parallel: Double, cost: Double) -> Double {
    parallel / Double(workers) + cost * Double(workers)
  }

  @Test(arguments: [1, 2, 3, 5, 7, 8, 13, 16, 31, 48, 63, 64])
  func everyCountCanWin(best: Int) {
    let cost = 1e-4
    let simulation = Simulation(workers: 64) { workers, _ in
      Self.seconds(workers, parallel: cost * Double(best * best), cost: cost)
    }
    simulation.run(until: 30)
    let chosen = simulation.told.last?.workers ?? 0
    let ratio =
      Self.seconds(chosen, parallel: cost * Double(best * best), cost: cost)
      / Self.seconds(best, parallel: cost * Double(best * best), cost: cost)
    #expect(ratio < 1.04, "\(chosen) in place of \(best): \(ratio)")
  }

  /// The more workers the faster: those of 64 cores, whose neighbours differ by a hundredth.
  @Test(arguments: [2, 3, 6, 64, 240])
  func allCoresAreUsedWhereTheyHelp(cores: Int) {
    let simulation = Simulation(workers: cores) { workers, _ in 0.064 / Double(workers) }
    simulation.run(until: 30)
    #expect(simulation.told.map(\.workers) == [cores])
    #expect(simulation.share(of: cores, until: 60) > 0.97)
  }

  @Test func aGainWithinNoiseIsNotWorthAThread() {
    for (gain, expected) in [(1.02, 1), (1.10, 2)] {
      let simulation = Simulation(workers: 2) { workers, _ in workers == 1 ? gain * 0.001 : 0.001 }
      simulation.run(until: 30)
      #expect(simulation.told.map(\.workers) == [expected])
    }
  }

  /// Steps of 3 µs and of 3 s, epochs of one step and of many.
  @Test(arguments: [3e-6, 1e-3, 0.3, 3], [1, 7, 1000])
  func anyStepsAndEpochs(step: Double, stepsPerEpoch: Int) {
    let simulation = Simulation(workers: 4, stepsPerEpoch: stepsPerEpoch) { workers, _ in
      step * (1 + abs(Double(workers) - 3))
    }
    simulation.run(until: max(1, 100 * step))
    #expect(simulation.told.last?.workers == 3)
  }

  /// Two workers are twice as fast, but in the first second another program has one of the cores.
  @Test(arguments: [0.1, 0.5, 1, 5])
  func aNoisyBeginningDoesNotDecide(noisy: Double) {
    let simulation = Simulation(workers: 2) { workers, now in
      workers == 1 ? 0.002 : now < noisy ? 0.02 : 0.001
    }
    simulation.run(until: noisy + 20)
    #expect(simulation.told.last?.workers == 2)
    #expect(simulation.share(of: 2, until: noisy + 60) > 0.97)
  }

  /// Another program comes, and a step of two workers takes a hundred times as long; then it goes,
  /// and nothing changes for one worker.
  @Test func aNeighbourThatComesAndGoes() {
    func isBusy(_ now: Double) -> Bool { (20..<50).contains(now) }
    let simulation = Simulation(workers: 2) { workers, now in
      workers == 1 ? 2e-4 : isBusy(now) ? 2e-2 : 1.2e-4
    }
    #expect(simulation.share(of: 2, until: 20) > 0.95)
    // Noticed at once, and the looks that find nothing cost a hundredth.
    #expect(simulation.share(of: 1, until: 50) > 0.96)
    simulation.run(until: 70)
    #expect(simulation.share(of: 2, until: 90) > 0.95)
    #expect(simulation.told.map(\.workers) == [2, 1, 2])
  }

  /// Steps that take up to a third more or less, at random: the choice stays.
  @Test func noiseEverywhere() {
    var noise = Noise()
    let simulation = Simulation(workers: 8) { workers, _ in
      (0.008 / Double(workers) + 0.0002) * (0.7 + 0.6 * noise.next())
    }
    simulation.run(until: 120)
    #expect(simulation.share(of: 8) + simulation.share(of: 7) > 0.9, "\(simulation.spent)")
  }

  /// Looks that find nothing cost at most a hundredth of the time, however slow the other count is.
  @Test(arguments: [1.5, 10, 1000])
  func looksAreCheap(factor: Double) {
    let simulation = Simulation(workers: 2) { workers, _ in
      workers == 1 ? 1e-3 : factor * 1e-3
    }
    simulation.run(until: 10)
    #expect(simulation.share(of: 1, until: 310) > 0.985)
    #expect(simulation.spent[2, default: 0] > 0.05, "no look at all")
  }

  /// The choice changes all the time: a line in an epoch at most, and never the same one again.
  @Test func atMostOneLineInAnEpoch() {
    let simulation = Simulation(workers: 2, stepsPerEpoch: 3000) { workers, now in
      (Int(now / 0.7) % 2 == 0) == (workers == 1) ? 0.001 : 0.003
    }
    simulation.run(until: 200)
    let epochs = simulation.told.map(\.epoch)
    #expect(Set(epochs).count == epochs.count && epochs.count > 5)
    for (line, next) in zip(simulation.told, simulation.told.dropFirst()) {
      #expect(line.workers != next.workers)
    }
    #expect(simulation.told.allSatisfy { $0.tried == [1, 2] })
  }

  @Test func tuningChangesNoBit() throws {
    let split = makeSplit(90)
    let expected = SmallRun.makeTrainer(split, epochs: 4)
    _ = try expected.run()
    for steals in [false, true] {
      let scheduler = try DispatchScheduler(exactly: 3, steals: steals)
      let tuned = SmallRun.makeTrainer(split, epochs: 4, scheduler: scheduler)
      _ = try tuned.run(observers: [ThreadTuner(scheduler, turn: 0) { _, _ in }])
      #expect(tuned.digest == expected.digest)
    }
  }
}

extension EpochMetrics {
  /// An epoch of which nobody reads anything.
  fileprivate static let ended = EpochMetrics(
    epoch: 1, step: 1, trainLoss: 0, trainAccuracy: 0, samplesPerSecond: 1, seconds: 1, threads: 1)
}
