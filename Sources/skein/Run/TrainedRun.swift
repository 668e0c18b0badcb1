import SkeinConfig
import SkeinFiles
import SkeinKernels
import SkeinModel
import SkeinRun

/// A run's job and model, read back from its folder; its dataset is not needed.
struct TrainedRun {
  let job: Job
  let model: FeedForward
  let objective: Classification
  /// The samples that it was trained on.
  let data: RunData
  /// Which checkpoint the parameters are from, as "checkpoint best, epoch 8, step 500 (chosen by
  /// test accuracy, on the test split)".
  let origin: String

  init(_ options: RunOptions) throws {
    let folder = RunFolder(path: options.run)
    guard folder.holdsRun else {
      throw UsageError(description: "\(options.run.printable()) holds no run: no job.yaml in it")
    }
    job = try Job.load(path: folder.jobFile).job
    // A run that was stopped in its first epoch has no best one yet.
    let isThere = FolderListing.kind(of: folder.best) != nil
    let name = options.checkpoint == "best" && !isThere ? "last" : options.checkpoint
    let file =
      switch name {
      case "best": folder.best
      case "last": folder.last
      default: name
      }
    data = try Self.data(of: job, in: folder, checkpoint: file)
    let network = try job.network(of: data, file: folder.dataFile)
    objective = Classification(job.loss, classes: network.outputs)
    let checkpoint = try RunFolder.load(file, network)
    let progress = checkpoint.state.progress
    let choice = job.checkpoint.best.explanation(isEvaluated: job.data.test != nil)
    origin =
      "checkpoint \(name.printable()), epoch \(progress.epoch), step \(progress.step)"
      + (name == "best" ? " (chosen \(choice))" : "")
    model = FeedForward(
      network, parameters: FloatBuffer(count: network.layout.bufferCount))
    model.parameters[0..<checkpoint.state.parameters.count] = checkpoint.state.parameters
  }

  /// What the run knows of its samples. Runs of the first edition know it from their history, and
  /// without one from their dataset.
  private static func data(
    of job: Job, in folder: RunFolder, checkpoint: String
  ) throws -> RunData {
    if let data = try folder.data() { return data }
    if let data = try folder.recordedData(checkpoint: checkpoint) { return data }
    let dataset = try JobDataset(job.data)
    return RunData(dataset.manifest, identity: dataset.identity, scale: job.data.scale)
  }
}
