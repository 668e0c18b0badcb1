import SkeinConfig
import SkeinData
import SkeinFiles
import SkeinKernels
import SkeinModel
import SkeinTraining

/// The job and the model of a run, read from its folder. The dataset is not needed.
///
///     let trained = try TrainedRun(RunFolder(path: "Runs/digits"))
///     print(trained.className(of: try trained.predictions(for: pixels)[0]))
public struct TrainedRun: Sendable {
  /// The run's job.
  public let job: Job
  /// The model, with the parameters of the checkpoint.
  public let model: FeedForward
  /// What the model was trained for.
  public let objective: any Objective
  /// What the run keeps about its training samples.
  public let data: RunData
  /// Which checkpoint the parameters are from, such as "checkpoint best, epoch 8, step 500 (chosen
  /// by test accuracy, on the test split)".
  public let origin: String

  /// Reads the run in `folder`. O(parameters).
  ///
  /// - Parameter checkpoint: "best", "last", or the path of a file. For a run without a best
  ///   checkpoint, "best" means "last".
  /// - Throws: `RunFolderError` where there is no run, `JobErrors`, `FormatError` for damaged
  ///   files, `JobLimitError` where the parameters do not fit the memory, `DataError` and
  ///   `FileSystemError`.
  public init(_ folder: RunFolder, checkpoint: String = "best") throws {
    try folder.requireRun()
    job = try Job.load(path: folder.jobFile).job
    // A run that was stopped in its first epoch has no best checkpoint yet.
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
    objective = job.objective(for: data.target, values: data.targets)
    let state = try RunFolder.load(file, network).state
    let progress = state.progress
    let choice = job.checkpoint.best.explanation(
      isEvaluated: job.data.test != nil, isValidated: job.data.validation != nil)
    origin =
      "checkpoint \(name.printable()), epoch \(progress.epoch), step \(progress.step)"
      + (name == "best" ? " (chosen \(choice))" : "")
    model = FeedForward(
      network, parameters: FloatBuffer(count: network.layout.bufferCount))
    model.parameters[0..<state.parameters.count] = state.predicting
  }

  /// The model's predictions for `samples`, in order. O(samples · parameters).
  ///
  /// - Parameter samples: whole samples, one after the other, row by row, as the dataset stores
  ///   them. They are divided by the job's scale here.
  /// - Throws: `NonFiniteError` for a sample whose scores are not finite.
  /// - Precondition: the elements make up whole samples.
  public func predictions(for samples: [Float]) throws -> [Prediction] {
    let size = model.network.inputs
    require(samples.count % size == 0, "\(samples.count) elements for samples of \(size)")
    let split = Split(
      name: "samples", sampleShape: data.shape, samples: samples, unknown: data.target)
    return try Prediction.all(
      model, objective, source: split.scaled(by: data.scale), hidden: false)
  }

  /// The dataset's name of the class that `prediction` names.
  ///
  /// - Precondition: the run tells classes. Of values, `prediction.scores` are what it says, in the
  ///   order of `data.targets`.
  public func className(of prediction: Prediction) -> String { data.classes[prediction.label] }

  /// What the run keeps about its samples. A run of the first edition has it in its history, or
  /// else in its dataset.
  private static func data(
    of job: Job, in folder: RunFolder, checkpoint: String
  ) throws -> RunData {
    if let data = try folder.data() { return data }
    if let data = try folder.recordedData(checkpoint: checkpoint) { return data }
    let dataset = try JobDataset(job.data)
    return RunData(dataset.manifest, identity: dataset.identity, scale: job.data.scale)
  }
}
