import Foundation
import SkeinConfig
import SkeinTestSupport
import SkeinTraining
import SkeinWorkers
import Testing

@testable import SkeinRun

/// The plan against the memory that training takes. Each test has a process of its own, because the
/// peak is the whole process's.
///
/// The network is so large that its parts, 27 MiB and more each, stand out of what no plan counts.
@Suite(.timeLimit(.minutes(5))) struct MemoryUseTests {
  @Test func oneThread() async {
    await #expect(processExitsWith: .success) { try checkTraining(threads: 1, history: false) }
  }

  @Test func threeThreads() async {
    await #expect(processExitsWith: .success) { try checkTraining(threads: 3, history: false) }
  }

  @Test func oneThreadInBFloat16() async {
    await #expect(processExitsWith: .success) {
      try checkTraining(threads: 1, history: false, bf16: true)
    }
  }

  @Test func oneThreadAndAHistory() async {
    await #expect(processExitsWith: .success) { try checkTraining(threads: 1, history: true) }
  }

  @Test func threeThreadsAndAHistory() async {
    await #expect(processExitsWith: .success) { try checkTraining(threads: 3, history: true) }
  }

  @Test func aWholeRun() async {
    await #expect(processExitsWith: .success) { try checkRun(history: false) }
  }

  @Test func aWholeRunWithItsPage() async {
    await #expect(processExitsWith: .success) { try checkRun(history: true) }
  }
}

/// What a plan leaves out: `MemoryPlan` itself sets 16 MiB aside for "all that is small". These are
/// pages of libraries that are used for the first time, and stacks.
private let small = 16.0 * 1_048_576

/// Trains and evaluates one epoch, with all that a run does but for its checkpoints and its page.
///
/// Most parts of a plan are exact. Others are the most that there can be: a worker that comes too
/// late for a chunk of the evaluation has no tape for it. With one thread that changes nothing, and
/// a plan is hardly too large; 1.2 is allowed. With three, tapes for 1018 rows are planned, and one
/// worker that takes all chunks has 506: 25 MiB too many of about 160; 1.5 is allowed.
private func checkTraining(threads: Int, history: Bool, bf16: Bool = false) throws {
  var job = try makeJob(hidden: 3000, history: history)
  job.training.bf16 = bf16
  try TemporaryFolder.with { folder in
    let before = try memory("VmRSS")
    let prepared = try PreparedJob(checked: job, exactly: threads)
    let (train, test) = try prepared.loadSplits()
    let trainer = prepared.makeTrainer(
      prepared.scaled(train), scheduler: try DispatchScheduler(exactly: threads))
    let evaluator = test.map {
      prepared.makeEvaluator(trainer.model, prepared.scaled($0), workers: threads)
    }
    let reports = try RunReports(
      prepared, trainer.model, train: train, test: test, evaluator: evaluator,
      folder: RunFolder(path: folder), progress: trainer.progress)
    let watch = try DivergenceWatch(
      trainer.model, prepared.objective, source: prepared.scaled(train),
      learningRate: job.optimizer.learningRate, hint: nil, warn: { _ in })
    #expect(try trainer.run(evaluator: evaluator, observers: reports.observers + [watch]))
    try reports.finish()
    #expect(trainer.progress.step == 2 && evaluator?.last != nil)
    let growth = try memory("VmHWM") - before
    let plan = prepared.memoryPlan
    let saving = plan.parts.filter { ["checkpoints", "web page"].contains($0.name) }
    try #require(saving.count == 1)
    let training = plan.total - saving[0].bytes
    #expect(growth <= training + small, "\(text(growth, plan))")
    #expect(training <= (threads == 1 ? 1.2 : 1.5) * growth, "\(text(growth, plan))")
  }
}

/// Trains a whole run of one epoch, as `skein train` does.
private func checkRun(history: Bool) throws {
  let job = try makeJob(hidden: 1500, history: history)
  try TemporaryFolder.with { folder in
    let before = try memory("VmRSS")
    let prepared = try PreparedJob(job, threads: 1)
    let run = try TrainingRun(prepared, in: RunFolder(path: folder + "/run"))
    #expect(try run.train())
    let growth = try memory("VmHWM") - before
    let plan = prepared.memoryPlan
    // Besides, the run has its files' buffers, the thread that writes them, and what `malloc`
    // keeps.
    #expect(growth <= plan.total + 1.5 * small, "\(text(growth, plan))")
  }
}

/// A job of two steps, the second of which has a batch of its own size, and of an evaluation in six
/// chunks. The activation is one whose preactivations are kept, as the plan has it.
///
/// The samples are those of the split "test", a sixth of the others, so that an epoch is short.
private func makeJob(hidden: Int, history: Bool) throws -> Job {
  let text = """
    name: memory
    data:
      synthetic: {shape: [784], classes: 10, samples: 1530}
      train: test
      test: train
      scale: 255
    model: {hidden: [\(hidden), \(hidden)], activation: tanh}
    optimizer: {learningRate: 0.01, momentum: 0.9}
    training: {epochs: 1, batchSize: 128}
    parallel: {batchShards: 4}
    report: {history: \(history), tensorBoard: false}
    """
  return try JobFolder().load(text).job
}

/// A line of the process's status in bytes: its memory at present, "VmRSS", or its peak, "VmHWM".
private func memory(_ name: String) throws -> Double {
  let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(name + ":") })
  let words = line.split(whereSeparator: \.isWhitespace)
  try #require(words.count == 3 && words[2] == "kB")
  return 1024 * (try #require(Double(words[1])))
}

private func text(_ growth: Double, _ plan: MemoryPlan) -> String {
  func mebibytes(_ bytes: Double) -> String { "\((bytes / 104_857.6).rounded() / 10) MiB" }
  let parts = plan.parts.map { "\($0.name) \(mebibytes($0.bytes))" }.joined(separator: ", ")
  return "\(mebibytes(growth)) taken, \(mebibytes(plan.total)) planned: \(parts)"
}
