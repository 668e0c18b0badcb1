import Foundation
import SkeinConfig
import SkeinData
import SkeinModel
import SkeinTraining

/// A run's job, dataset and model, read back from its folder.
struct TrainedRun {
  let prepared: PreparedJob
  let model: FeedForward
  /// The samples that it was trained on.
  let data: RunData
  /// Which checkpoint the parameters are from, as "best, after epoch 8".
  let origin: String

  init(_ options: RunOptions) throws {
    let folder = RunFolder(path: options.run)
    guard folder.holdsRun else {
      throw UsageError(description: "\(options.run.printable()) holds no run: no job.yaml in it")
    }
    prepared = try PreparedJob(try Job.load(path: folder.jobFile).job)
    let manifest = prepared.dataset.manifest
    data = RunData(
      dataset: manifest.name, identity: prepared.dataset.identity, classes: manifest.classes,
      shape: manifest.sample.shape, type: manifest.sample.type, scale: prepared.job.data.scale)
    let file =
      switch options.checkpoint {
      // A run that was stopped in its first epoch has no best one yet.
      case "best":
        FileManager.default.fileExists(atPath: folder.best) ? folder.best : folder.last
      case "last": folder.last
      default: options.checkpoint
      }
    let checkpoint = try RunFolder.load(file, prepared.architecture)
    let progress = checkpoint.progress
    origin =
      "checkpoint \(options.checkpoint.printable()), epoch \(progress.epoch), "
      + "step \(progress.step)"
    (model, _) = prepared.makeModel()
    model.parameters[0..<checkpoint.parameters.count] = checkpoint.parameters
  }
}
