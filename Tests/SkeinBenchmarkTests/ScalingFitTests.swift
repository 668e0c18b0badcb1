import SkeinRecord
import Testing

@testable import SkeinBenchmark
@testable import SkeinFiles

/// Fits to speed-ups whose parameters are known.
@Suite struct ScalingFitTests {
  private static let counts = [1, 2, 3, 4, 8, 16, 32]

  private func points(_ speedup: (Double) -> Double) -> [(threads: Int, speedup: Double)] {
    Self.counts.map { ($0, speedup(Double($0))) }
  }

  @Test(arguments: [0, 0.001, 0.05, 0.3, 1])
  func amdahlIsRecovered(serial: Double) throws {
    let fit = try #require(ScalingFit(points { 1 / (serial + (1 - serial) / $0) }))
    #expect(abs(fit.serialFraction - serial) < 1e-12)
    // Amdahl's law is the universal one without coherence, and with s as the contention.
    #expect(abs(fit.contention - serial) < 1e-9 && abs(fit.coherence) < 1e-9)
    #expect(abs(fit.amdahlSpeedup(64) - 1 / (serial + (1 - serial) / 64)) < 1e-9)
  }

  @Test(arguments: [(0, 0), (0.05, 0), (0, 0.001), (0.03, 0.0005), (0.5, 0.02)])
  func theUniversalLawIsRecovered(contention: Double, coherence: Double) throws {
    let fit = try #require(
      ScalingFit(
        points { n in n / (1 + contention * (n - 1) + coherence * n * (n - 1)) }))
    #expect(abs(fit.contention - contention) < 1e-9)
    #expect(abs(fit.coherence - coherence) < 1e-9)
    let expected = 64 / (1 + contention * 63 + coherence * 64 * 63)
    #expect(abs(fit.universalSpeedup(64) - expected) < 1e-6)
    if coherence > 1e-6 {
      let best = try #require(fit.bestThreads)
      #expect(abs(best - ((1 - contention) / coherence).squareRoot()) < 1e-3)
    }
  }

  /// By hand: 2 threads, 1.6 times as fast. 1/1.6 − 1/2 = 0.125 = s/2, and 2/1.6 − 1 = 0.25 = α.
  @Test func onePointGivesOneParameterEach() throws {
    let fit = try #require(ScalingFit([(1, 1), (2, 1.6)]))
    #expect(abs(fit.serialFraction - 0.25) < 1e-12)
    #expect(abs(fit.contention - 0.25) < 1e-12)
    #expect(fit.coherence == 0 && fit.bestThreads == nil)
  }

  @Test func noiseMovesTheFitLittle() throws {
    let factors = [1.0, 1.01, 0.99, 1.01, 0.99, 1.01, 0.99]
    let exact = points { n in n / (1 + 0.03 * (n - 1) + 0.0005 * n * (n - 1)) }
    let noisy = zip(exact, factors).map { ($0.threads, $0.speedup * $1) }
    let fit = try #require(ScalingFit(noisy))
    #expect(abs(fit.contention - 0.03) < 0.01 && abs(fit.coherence - 0.0005) < 0.0005)
  }

  @Test func degenerateInput() throws {
    #expect(ScalingFit([]) == nil)
    #expect(ScalingFit([(1, 1)]) == nil)
    #expect(ScalingFit([(2, 0), (4, .nan), (8, -1), (16, .infinity)]) == nil)
    // The same point twice is one point.
    let twice = try #require(ScalingFit([(1, 1), (4, 3), (4, 3)]))
    #expect(abs(twice.contention - 1.0 / 9) < 1e-12 && twice.coherence == 0)
    // No speed-up at all: all of it is serial.
    let flat = try #require(ScalingFit([(1, 1), (2, 1), (4, 1)]))
    #expect(abs(flat.serialFraction - 1) < 1e-12 && abs(flat.contention - 1) < 1e-9)
    // Slower with more threads: s stays a share.
    #expect(try #require(ScalingFit([(1, 1), (2, 0.5)])).serialFraction == 1)
  }

  @Test func aboveTheIdealNothingIsNegative() throws {
    let fit = try #require(ScalingFit([(1, 1), (2, 2.2), (4, 4.6)]))
    #expect(fit == ScalingFit(serialFraction: 0, contention: 0, coherence: 0))
    // Above it at first and below it later: only one of the two can be the reason.
    let mixed = try #require(ScalingFit([(1, 1), (2, 2.1), (4, 4), (8, 7), (16, 9)]))
    #expect(mixed.contention == 0 && mixed.coherence > 0)
  }

  @Test func predictionsNameWhatLimits() {
    func limit(_ fit: ScalingFit, _ threads: Int, slices: Int) -> ScalingPrediction.Limit {
      ScalingPrediction(fit, threads: threads, slices: slices, updateShare: 0.4).limit
    }
    let contended = ScalingFit(serialFraction: 0.1, contention: 0.1, coherence: 0.001)
    let incoherent = ScalingFit(serialFraction: 0.1, contention: 0.001, coherence: 0.01)
    let ideal = ScalingFit(serialFraction: 0, contention: 0, coherence: 0)
    #expect(limit(contended, 8, slices: 64) == .contention)
    #expect(limit(incoherent, 8, slices: 64) == .coherence)
    #expect(limit(ideal, 128, slices: 128) == .none)
    #expect(limit(ideal, 16, slices: 8) == .slices)
    // Half of the work 8 times as fast, half of it 128 times.
    let capped = ScalingPrediction(ideal, threads: 128, slices: 8, updateShare: 0.5)
    let expected = 1 / (0.5 / 8 + 0.5 / 128)
    #expect(abs(capped.universalSpeedup - expected) < 1e-9)
    #expect(abs(capped.amdahlSpeedup - expected) < 1e-9)
    let usual = ScalingPrediction.usual(ideal, slices: 1000, updateShare: 0)
    #expect(usual.map(\.threads) == [8, 16, 32, 64, 128])
    #expect(usual.allSatisfy { $0.amdahlSpeedup == Double($0.threads) })
  }
}
