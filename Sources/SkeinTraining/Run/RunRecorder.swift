import Dispatch
import SkeinAutograd
import SkeinData
import SkeinModel

/// Writes what a run leaves behind: a line of metrics per epoch, and checkpoints.
public final class RunRecorder<Source: SampleSource, Scheduler: BatchScheduler>: TrainingObserver {
  private let folder: RunFolder
  private let trainer: Trainer<Source, Scheduler>
  private let options: CheckpointOptions
  private let epochs: Int
  private var bestAccuracy: Double
  private var lastSave = DispatchTime.now()

  /// - Parameter bestAccuracy: of the checkpoint that the run goes on from; −1 for none.
  public init(
    _ folder: RunFolder, trainer: Trainer<Source, Scheduler>, options: CheckpointOptions,
    epochs: Int, bestAccuracy: Double = -1
  ) {
    self.folder = folder
    self.trainer = trainer
    self.options = options
    self.epochs = epochs
    self.bestAccuracy = bestAccuracy
  }

  public func stepEnded(_ progress: TrainingProgress) throws -> Bool {
    let stepsAreUp = options.everySteps.map { progress.step % $0 == 0 } ?? false
    if stepsAreUp || minutesAreUp { try save(progress, isBest: false) }
    return true
  }

  public func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) throws {
    try folder.append(metrics)
    let accuracy = metrics.testAccuracy ?? metrics.trainAccuracy
    let isBest = accuracy > bestAccuracy
    bestAccuracy = max(bestAccuracy, accuracy)
    let isDue = options.everyEpochs.map { progress.epoch % $0 == 0 } ?? false
    guard isDue || isBest || progress.epoch == epochs else { return }
    try save(progress, isBest: isBest)
  }

  private var minutesAreUp: Bool {
    guard let minutes = options.everyMinutes else { return false }
    let elapsed = DispatchTime.now().uptimeNanoseconds - lastSave.uptimeNanoseconds
    return Double(elapsed) >= minutes * 60e9
  }

  private func save(_ progress: TrainingProgress, isBest: Bool) throws {
    let count = trainer.model.parameters.count
    let checkpoint = Checkpoint(
      progress: progress, parameters: trainer.model.parameters[0..<count],
      velocity: trainer.velocity.map { $0[0..<count] }, generator: trainer.generator,
      bestAccuracy: bestAccuracy)
    try folder.save(
      checkpoint.encode(trainer.model.architecture), step: progress.step, isBest: isBest,
      keep: options.keep)
    lastSave = .now()
  }
}
