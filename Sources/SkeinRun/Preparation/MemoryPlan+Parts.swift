import SkeinConfig
import SkeinKernels
import SkeinModel
import SkeinReport
import SkeinTraining

extension MemoryPlan {
  /// What a plan takes of a dataset: numbers alone.
  struct Samples {
    /// How many samples are trained on.
    let train: Int
    /// How many the test split has; 0 where there is none.
    let test: Int
    /// How many of the training split's samples validate.
    let validation: Int
    /// What the samples of all splits take.
    let bytes: Double
    /// What one element takes in a run's history.
    let elementBytes: Double
    /// Whether targets are values, which an evaluation keeps with their predictions.
    let areValues: Bool
  }

  /// What the tapes of a batch and of an epoch's smaller last one take.
  static func trainingTapes(
    _ job: Job, _ size: NetworkSize, _ data: Samples, _ shards: BatchShards
  ) -> Double {
    let batch = min(job.training.batchSize, data.train)
    let left = job.training.dropLast ? 0 : data.train % max(batch, 1)
    // The loss has the classes' probabilities twice, or with their gradients.
    let row = size.inputs + size.trained + 2 * size.outputs
    return [batch, left].map { rows in
      // In bfloat16 two samples share a word, but for one of each batch shard at most.
      let rounded = size.roundedBFloat16 * (Double(rows) + 2 * Double(min(shards.count, rows)))
      let copied = rows >= ColumnPanels.leastRows ? Double(rows) * size.copied : 0
      return 4 * (Double(rows) * row + (job.training.bf16 ? rounded : copied))
    }.reduce(0, +)
  }

  /// What the tapes of the evaluation take at most: they have no gradients.
  static func evaluationTapes(
    _ job: Job, _ size: NetworkSize, _ data: Samples, threads: Int
  ) -> Double {
    let rows = [data.test, data.validation].map {
      Evaluation.recordedRows(of: $0, workers: threads, epochs: job.training.epochs)
    }.reduce(0, +)
    // Values and predictions as the network has them, copied, and in their own units.
    let values = data.areValues ? 6 * size.outputs * Double(data.test + data.validation) : 0
    return 4 * ((size.inputs + size.evaluated + size.outputs) * rows + values)
  }

  /// What comes and goes beside all the rest: a checkpoint while it is saved, or the page that is
  /// drawn when the last one is. The larger one, because they never stand there together.
  static func saving(_ job: Job, _ size: NetworkSize, _ data: Samples) -> Part {
    let checkpoint = 4 * size.parameters * Double(1 + job.stateNames.count)
    // The state that is saved, and the bytes of its file.
    let checkpoints = Part(name: "checkpoints", bytes: 2 * checkpoint)
    let page = Part(
      name: "web page",
      bytes: job.report.history ? page(job, size, data, checkpoint: checkpoint) : 0)
    return checkpoints.bytes < page.bytes ? page : checkpoints
  }

  /// What drawing the page takes, given the bytes of a checkpoint, approximately.
  private static func page(
    _ job: Job, _ size: NetworkSize, _ data: Samples, checkpoint: Double
  ) -> Double {
    let networks = Double(RunHistory.keptCount(newest: job.training.epochs))
    let neurons = size.units - size.inputs
    let mistakes = data.test == 0 ? 0 : Double(Mistake.limit) * size.inputs * data.elementBytes
    // A weight has a byte, and a neuron a scale and a bias.
    let records = networks * (size.parameters + 8 * neurons + mistakes)
    // The best checkpoint is read as bytes, as tensors and as a state. Its weights stay.
    let exact = 4 * size.parameters
    let drawing = Page.memory(
      networks: networks, weights: size.parameters, neurons: neurons, mistakes: mistakes,
      samples: max(
        size.inputs * data.elementBytes,
        min(
          Double(HistoryRecorder.keptSamples) * size.inputs * data.elementBytes,
          Double(HistoryRecorder.keptBytes))))
    return records + max(3 * checkpoint, exact + drawing)
  }
}
