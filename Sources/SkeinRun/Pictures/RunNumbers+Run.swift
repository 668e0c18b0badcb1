import Foundation
import SkeinConfig
import SkeinData
import SkeinFiles
import SkeinModel
import SkeinRecord
import SkeinReport
import SkeinSafetensors

extension RunNumbers {
  /// Everything in `folder` that pictures are drawn from: its job, metrics, history, and the best
  /// checkpoint. The dataset is not needed.
  ///
  /// - Parameters:
  ///   - needsBest: whether a damaged best checkpoint is an error. Without it the pictures have
  ///     that epoch's weights as they were recorded, in 6 bits, and `warn` is told.
  ///   - report: gets how many epochs are read, and how many there are, after each.
  /// - Throws: `RunFolderError` for a folder without a run or without a history, and the errors of
  ///   the files in it.
  public init(
    _ folder: RunFolder, needsBest: Bool = true, warn: (String) -> Void = { _ in },
    report: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    guard folder.holdsRun else { throw RunFolderError.noRun(folder.path) }
    let history = RunHistory(folder)
    guard let run = try history.run() else { throw RunFolderError.noHistory(folder.path) }
    let job = try Job.load(path: folder.jobFile).job
    let network = Network(
      inputs: run.facts.sampleShape.reduce(1, *), hidden: job.model.hidden,
      outputs: run.facts.classes.count, activation: job.model.activation)
    let recorded = history.epochs
    var networks = try recorded.enumerated().map { index, epoch in
      defer { report(index + 1, recorded.count) }
      return try history.record(epoch, of: network)
    }
    if fileExists(folder.best) {
      do {
        let best = try RunFolder.load(folder.best, network)
        networks = networks.replacing(best, network)
      } catch let error as FormatError where !needsBest {
        warn("\(error); the page shows that epoch's weights as they were recorded, in 6 bits")
      }
    }
    self.init(
      facts: RunFacts(job, run.facts, network), epochs: try EpochNumbers.read(folder),
      networks: networks,
      samples: run.samples, probed: run.probed,
      bestEpoch: try folder.bestEpoch(by: job.checkpoint.best)?.epoch,
      bestChoice: job.checkpoint.best.explanation(isEvaluated: job.data.test != nil))
  }
}

extension EpochNumbers {
  /// The lines of a run's `metrics.jsonl`; a last one that was cut off is left out.
  ///
  /// - Throws: `FileSystemError` where the file is missing, `FormatError` for a line that is no
  ///   epoch's.
  public static func read(_ folder: RunFolder) throws -> [EpochNumbers] {
    var epochs: [EpochNumbers] = []
    let decoder = JSONDecoder()
    try folder.forEachMetricsLine { line, number, isWhole in
      if let numbers = try? decoder.decode(EpochNumbers.self, from: line) {
        if let twice = JSONKeys.repeated(in: Array(line)).first {
          throw folder.metricsFault(line: number, found: "the key \"\(twice.key)\" twice")
        }
        try check(numbers, after: epochs.last, folder, line: number)
        epochs.append(numbers)
      } else if isWhole {
        let text = String(decoding: line.prefix(60), as: UTF8.self)
        throw folder.metricsFault(line: number, found: text.printable())
      }
    }
    return epochs
  }

  /// - Throws: `FormatError` for numbers that no epoch has, and for an epoch out of its turn.
  private static func check(
    _ numbers: EpochNumbers, after last: EpochNumbers?, _ folder: RunFolder, line: Int
  ) throws {
    let shares: [(String, Double?)] = [
      ("trainAccuracy", numbers.trainAccuracy), ("testAccuracy", numbers.testAccuracy),
    ]
    for (key, share) in shares {
      guard let share, !(0...1).contains(share) else { continue }
      throw folder.metricsFault(line: line, found: "\(key) \(share), which is beyond 0…1")
    }
    let before = last?.epoch ?? 0
    guard numbers.epoch > before else {
      throw folder.metricsFault(line: line, found: "epoch \(numbers.epoch) after \(before)")
    }
  }
}

extension RunFacts {
  /// Names are printable already, so that no control character reaches a page or a picture.
  init(_ job: Job, _ facts: RunRecord.Facts, _ network: Network) {
    self.init(
      name: job.name.printable(), job: job.yaml, dataset: facts.dataset.printable(),
      classes: facts.classes.map { $0.printable() }, sampleShape: facts.sampleShape,
      scale: Double(facts.scale), trainSamples: facts.trainSamples,
      split: facts.split.printable(), splitSamples: facts.splitSamples,
      gradientSamples: facts.gradientSamples, widths: network.widths,
      activation: job.model.activation.name, activationConstant: job.model.activation.constant,
      usesSoftmax: job.loss.usesSoftmax, loss: job.loss.rawValue,
      learningRate: Double(job.optimizer.learningRate), parameters: facts.parameters,
      batchSize: job.training.batchSize, batchShards: facts.batchShards, threads: facts.threads,
      host: facts.host.printable(), processor: facts.processor.printable(), cores: facts.cores,
      system: facts.system.printable())
  }
}

extension Activation {
  /// The constant that the job file sets.
  fileprivate var constant: Double? {
    switch self {
    case .leakyRelu(let slope): Double(slope)
    case .elu(let alpha): Double(alpha)
    default: nil
    }
  }
}
