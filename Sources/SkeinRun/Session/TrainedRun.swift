import SkeinConfig
import SkeinData
import SkeinFiles
import SkeinKernels
import SkeinModel
import SkeinTraining

/// A run's job and model, read back from its folder; its dataset is not needed.
///
///     let trained = try TrainedRun(RunFolder(path: "Runs/digits"))
///     print(trained.className(of: try trained.predictions(for: pixels)[0]))
public struct TrainedRun: Sendable {
  public let job: Job
  public let model: FeedForward
  public let objective: Classification
  /// The samples that it was trained on.
  public let data: RunData
  /// Which checkpoint the parameters are from, as "checkpoint best, epoch 8, step 500 (chosen by
  /// test accuracy, on the test split)".
  public let origin: String

  /// Reads the run in `folder`.
  ///
  /// - Parameter checkpoint: "best", "last", or a file. A run that has no best one yet gives its
  ///   last.
  /// - Throws: `RunFolderError` where there is no run, `JobErrors`, `FormatError` for damaged
  ///   files, `FileSystemError`.
  public init(_ folder: RunFolder, checkpoint: String = "best") throws {
    try folder.requireRun()
    job = try Job.load(path: folder.jobFile).job
    // A run that was stopped in its first epoch has no best one yet.
    let isThere = FolderListing.kind(of: folder.best) != nil
    let name = checkpoint == "best" && !isThere ? "last" : checkpoint
    let file =
      switch name {
      case "best": folder.best
      case "last": folder.last
      default: name
      }
    data = try Self.data(of: job, in: folder, checkpoint: file)
    let network = try job.network(of: data, file: folder.dataFile)
    objective = Classification(job.loss, classes: network.outputs)
    let state = try RunFolder.load(file, network).state
    let progress = state.progress
    let choice = job.checkpoint.best.explanation(isEvaluated: job.data.test != nil)
    origin =
      "checkpoint \(name.printable()), epoch \(progress.epoch), step \(progress.step)"
      + (name == "best" ? " (chosen \(choice))" : "")
    model = FeedForward(
      network, parameters: FloatBuffer(count: network.layout.bufferCount))
    model.parameters[0..<state.parameters.count] = state.parameters
  }

  /// What the model says about `samples`, one after the other, row-major, as they are stored in the
  /// dataset: they are divided by the job's scale here.
  ///
  /// - Throws: `NonFiniteError` for a sample without a finite answer.
  /// - Precondition: they are whole samples.
  public func predictions(for samples: [Float]) throws -> [Prediction] {
    let size = model.network.inputs
    require(samples.count % size == 0, "\(samples.count) elements for samples of \(size)")
    let split = Split(
      name: "samples", sampleShape: data.shape, classCount: data.classes.count, samples: samples,
      labels: [Int32](repeating: 0, count: samples.count / size))
    return try Prediction.all(
      model, objective, source: split.scaled(by: data.scale), hidden: false)
  }

  /// What the dataset calls the class that `prediction` is for.
  public func className(of prediction: Prediction) -> String { data.classes[prediction.label] }

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
