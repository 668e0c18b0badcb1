import Foundation
import SkeinConfig
import SkeinData
import SkeinFiles
import SkeinModel
import SkeinRecord
import SkeinReport

extension RunNumbers {
  /// Reads everything that pictures are drawn from: the job, the metrics, the history and the best
  /// checkpoint of `folder`. The dataset is not needed.
  ///
  /// - Parameters:
  ///   - folder: the run's folder.
  ///   - needsBest: whether a damaged best checkpoint is an error. If not, the pictures have the
  ///     recorded weights of that epoch, in 6 bits, and `warn` gets a line.
  ///   - needed: the epoch whose record must not be damaged; nil for none. Other epochs whose
  ///     records are damaged are left out, and `warn` gets a line for each.
  ///   - warn: gets a line for each thing that the pictures lack.
  ///   - report: gets how many epochs are read, and how many there are, after each.
  /// - Throws: `RunFolderError` for a folder without a run or without a history, and the errors of
  ///   the files in it.
  public init(
    _ folder: RunFolder, needsBest: Bool = true, epoch needed: Int? = nil,
    warn: (String) -> Void = { _ in }, report: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    try folder.requireRun()
    let history = folder.history
    let job = try Job.load(path: folder.jobFile).job
    guard let run = try history.run() else {
      throw job.report.history
        ? RunFolderError.lostHistory(folder.path) : RunFolderError.noHistory(folder.path)
    }
    let network = job.network(
      inputs: run.facts.sampleShape.reduce(1, *), outputs: run.facts.outputNames.count)
    let recorded = history.epochs
    var networks: [EpochRecord] = []
    var failure: FormatError?
    for (index, epoch) in recorded.enumerated() {
      do {
        networks.append(try history.record(epoch, of: network))
      } catch let error as FormatError where epoch != needed {
        failure = failure ?? error
        warn("\(error); epoch \(epoch) is left out")
      }
      report(index + 1, recorded.count)
    }
    if fileExists(folder.best) {
      do {
        let best = try RunFolder.load(folder.best, network)
        networks = networks.replacing(best, network)
      } catch let error as FormatError where !needsBest {
        // The training that drew the page has said already what becomes of the checkpoint.
        warn(
          "\(error.advising(nil)); the page shows that epoch's weights as they were recorded, in "
            + "6 bits")
      }
    }
    if networks.isEmpty, let failure { throw failure }
    let epochs = try EpochMetrics.read(folder)
    self.init(
      job: JobNumbers(job, network, run.facts.target), record: run.printable(), epochs: epochs,
      networks: networks, rates: job.rates(of: epochs),
      bestEpoch: try folder.bestEpoch(by: job.checkpoint.best)?.epoch,
      bestChoice: job.checkpoint.best.explanation(
        isEvaluated: job.data.test != nil, isValidated: job.data.validation != nil))
  }
}

extension RunFolderError {
  /// The run has recorded a history, and it is gone.
  fileprivate static func lostHistory(_ folder: String) -> RunFolderError {
    let name = folder.printable()
    return RunFolderError(
      exitCode: 2,
      description: "the history of \(name), which pictures are drawn from, is gone: put its folder "
        + "history back from a copy, or let skein train --run \(name) --resume record the last "
        + "epoch again")
  }
}

extension RunRecord {
  /// The same record with printable names. No control character reaches a page or a picture.
  fileprivate func printable() -> RunRecord {
    var record = self
    record.facts.dataset = facts.dataset.printable()
    record.facts.classes = facts.classes.map { $0.printable() }
    record.facts.targets?.names = facts.outputNames.map { $0.printable() }
    record.facts.split = facts.split.printable()
    record.facts.host = facts.host.printable()
    record.facts.processor = facts.processor.printable()
    record.facts.system = facts.system.printable()
    return record
  }
}

extension JobNumbers {
  fileprivate init(_ job: Job, _ network: Network, _ target: TargetKind) {
    let loss = job.loss(for: target)
    self.init(
      name: job.name.printable(), yaml: job.yaml, widths: network.widths,
      activation: job.model.activation.name, activationConstant: job.model.activation.constant,
      usesSoftmax: loss.kind.usesSoftmax, loss: loss.kind.rawValue,
      learningRate: Double(job.optimizer.learningRate), batchSize: job.training.batchSize)
  }
}

extension Activation {
  /// The constant that a job file may set; nil for an activation without one.
  fileprivate var constant: Double? {
    switch self {
    case .leakyRelu(let slope): Double(slope)
    case .elu(let alpha): Double(alpha)
    default: nil
    }
  }
}
