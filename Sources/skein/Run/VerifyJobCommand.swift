import ArgumentParser
import Foundation
import SkeinConfig
import SkeinData
import SkeinFiles
import SkeinKernels
import SkeinRun
import SkeinTraining
import SkeinWorkers

/// `skein verify JOB`: compares the results of several thread counts and sets of instructions.
struct VerifyJobCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Show that a job's results depend on no number of threads and on no instructions.",
    discussion: """
      Trains the job once per thread count, with each set of instructions, and prints the SHA-256 \
      of the final weights and of the optimizer's state. So many threads take part in every step, \
      also where there are fewer cores (train never has more than cores). Nothing is saved. Ends \
      with exit code 1 if any of them differ.

      Without --instructions it trains with the best that the processor has, as train does. The \
      sets are avx512, avx2, neon and baseline, which every processor has and which is slow. One \
      that the processor lacks is named as skipped.

      Example:
        skein verify Configs/digits.yaml --threads 1,2,3,8,64 --steps 100
        skein verify Configs/lines.yaml --instructions avx512,avx2 --steps 100
      """)

  @Argument(help: "The job file (YAML).", completion: .file(extensions: ["yaml", "yml"]))
  var job: String

  @OptionGroup var settings: JobSettings

  @Option(help: ArgumentHelp("The thread counts to compare.", valueName: "1,2,…"))
  var threads = ThreadCounts([1, 2, 3, 8])

  @Option(
    help: ArgumentHelp(
      "The sets of instructions to compare: \(InstructionSet.listed) (default: the best one here).",
      valueName: "avx512,…"),
    completion: .list(InstructionSet.allCases.map(\.rawValue)))
  var instructions: String?

  @Option(help: "Stop after so many steps (default: train the whole job).")
  var steps: Int?

  func validate() throws {
    if let steps, steps < 1 {
      throw ValidationError("--steps \(steps): expected a number from 1 on")
    }
    if let instructions { _ = try InstructionSet.sets(instructions) }
  }

  func run() throws {
    var job = try Job.load(path: job, settings: settings.settings).job
    // No history is recorded, so no memory is needed for one.
    job.report.history = false
    let sets = try usableSets()
    let first = try PreparedJob(checked: job, exactly: threads.counts[0])
    let source = try Progress.show("loading") {
      try first.dataset.load(first.job.data.train, threads: Machine.availableCores, report: $0)
    }
    let runs = sets.flatMap { set in threads.counts.map { (set, $0) } }
    let progress = Progress("training")
    defer { progress.end() }
    let total = Self.steps(of: first, source.count, atMost: steps, runs: runs.count)
    var done = 0
    var digests: [TrainingDigest] = []
    for (set, count) in runs {
      // The workers of the training before have nothing left to do.
      if let set { require(Kernels.use(set), "\(set.name) is missing") }
      let prepared = try PreparedJob(checked: job, exactly: count)
      let trainer = prepared.makeTrainer(
        prepared.scaled(source), scheduler: try DispatchScheduler(exactly: count))
      let limit = StepLimit(steps) { [done] in progress.report(done + $0, of: total) }
      _ = try trainer.run(observers: [limit], stop: limit.stop)
      done += trainer.progress.step
      digests.append(trainer.digest)
      progress.clear()
      printWrapped(
        "\(counted(count, "thread")), \(set.map { "\($0.name), " } ?? "")"
          + "\(counted(trainer.progress.step, "step")), "
          + counted(prepared.shards.count, "batch shard"))
      printWrapped("  weights    \(trainer.digest.parameters)")
      let states = trainer.digest.states
      for state in states.isEmpty ? ["keeps no state"] : states {
        printWrapped("  optimizer  \(state)")
      }
    }
    guard digests.allSatisfy({ $0 == digests[0] }) else {
      throw DifferentBits(description: "the results differ")
    }
    guard runs.count > 1 else {
      return printWrapped(
        instructions == nil
          ? "one thread count: nothing to compare it with; see --threads"
          : "one training: nothing to compare it with; see --threads and --instructions")
    }
    let counts = threads.counts.map(String.init).joined(separator: ", ")
    let names = sets.compactMap { $0?.name }.joined(separator: ", ")
    printWrapped(
      "the same bits with \(counts) \(threads.counts == [1] ? "thread" : "threads")"
        + (names.isEmpty ? "" : " on \(names)"))
  }

  /// The sets of instructions to train with, of those that were asked for; nil stands for the best
  /// one. Names those that the processor lacks.
  private func usableSets() throws -> [InstructionSet?] {
    guard let instructions else { return [nil] }
    let asked = try InstructionSet.sets(instructions)
    let present = InstructionSet.present
    let usable = asked.filter(present.contains)
    guard !usable.isEmpty else {
      throw UsageError(
        description: "--instructions \(instructions): this processor has "
          + present.map(\.rawValue).joined(separator: ", ") + " only")
    }
    for set in asked where !present.contains(set) {
      printWrapped("\(set.name): skipped, this processor lacks it")
    }
    return usable
  }

  /// How many steps `runs` trainings of `job` take together, limited to what an Int can hold.
  private static func steps(
    of job: PreparedJob, _ samples: Int, atMost limit: Int?, runs: Int
  ) -> Int {
    let options = job.job.training
    let batches = EpochOrder.batchCount(
      of: samples, batchSize: options.batchSize, dropLast: options.dropLast)
    let (whole, overflow) = batches.multipliedReportingOverflow(by: options.epochs)
    return min(limit ?? .max, overflow ? .max : whole, .max / runs) * runs
  }
}

/// The error that the bits depend on threads or instructions. The command line ends with exit code
/// 1.
struct DifferentBits: ExitCoded, CustomStringConvertible {
  let description: String

  var exitCode: Int32 { 1 }
}

/// Stops training after a number of steps.
private final class StepLimit: TrainingObserver {
  let stop = StopRequest()
  private let steps: Int?
  private let report: (Int) -> Void

  /// Stops after `steps` steps; nil for never.
  ///
  /// - Parameter report: gets, after each step, how many are done.
  init(_ steps: Int?, report: @escaping (Int) -> Void) {
    self.steps = steps
    self.report = report
  }

  func stepEnded(_ progress: TrainingProgress) {
    report(progress.step)
    if progress.step == steps { stop.raise() }
  }
}

/// Several thread counts, such as "1,2,8".
struct ThreadCounts: ExpressibleByArgument {
  let counts: [Int]

  init(_ counts: [Int]) { self.counts = counts }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    counts = parts.compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    let isValid = counts.allSatisfy { (1...DispatchScheduler.maximumThreads).contains($0) }
    guard !counts.isEmpty, counts.count == parts.count, isValid else { return nil }
  }

  var defaultValueDescription: String { counts.map(String.init).joined(separator: ",") }
}

extension InstructionSet {
  /// All sets as an option has them.
  fileprivate static var listed: String { allCases.map(\.rawValue).joined(separator: ", ") }

  /// The sets of the argument of `--instructions`, such as "avx512,avx2".
  ///
  /// - Throws: `ValidationError` that names the first word that is no set.
  fileprivate static func sets(_ argument: String) throws -> [InstructionSet] {
    let sets = try argument.split(separator: ",", omittingEmptySubsequences: false).map { word in
      let word = word.trimmingCharacters(in: .whitespaces)
      if let set = InstructionSet(rawValue: word) { return set }
      let near = Spelling.nearest(to: word, among: allCases.map(\.rawValue))
      throw ValidationError(
        "--instructions: unknown set '\(word.printable(limit: 80))'; "
          + (near.map { "did you mean \($0)?" } ?? "there are \(listed)"))
    }
    // One that is named twice is taken once.
    return sets.indices.filter { !sets[..<$0].contains(sets[$0]) }.map { sets[$0] }
  }
}
