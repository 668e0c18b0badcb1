import SkeinConfig
import SkeinData
import SkeinModel
import SkeinTraining

/// A run's job, dataset and model, read back from its folder.
struct TrainedRun {
  let prepared: PreparedJob
  let model: FeedForward

  init(_ options: RunOptions) throws {
    let folder = RunFolder(path: options.run)
    guard folder.holdsRun else {
      throw UsageError(description: "\(options.run.printable()) holds no run: no job.yaml in it")
    }
    prepared = try PreparedJob(try Job.load(path: folder.jobFile).job)
    let file =
      switch options.checkpoint {
      case "best": folder.best
      case "last": folder.last
      default: options.checkpoint
      }
    let checkpoint = try RunFolder.load(file, prepared.architecture)
    (model, _) = prepared.makeModel()
    model.parameters[0..<checkpoint.parameters.count] = checkpoint.parameters
  }
}
