import Skein

/// Trains the job `lines` for two epochs, and leaves its run in `Runs/lines`.
@discardableResult
func trainLines() throws -> Job {
  var job = try Job.load(path: "Configs/lines.yaml").job
  job.training.epochs = 2
  try TrainingRun(job, in: "Runs/lines").train()
  return job
}

/// Prints a picture of the run in `Runs/lines`, drawn by the calls that `skein plot` makes.
func draw(_ name: String) throws {
  let folder = RunFolder(path: "Runs/lines")
  let run = try RunNumbers(folder)
  let job = try Job.load(path: folder.jobFile).job
  guard let best = run.best else { return print("no epoch") }
  let svg: SVG? =
    switch name {
    case "curves":
      LearningCurves.figure(run.job.name, run.epochs, rates: run.rates)
    case "network":
      NetworkFigure(
        run, epoch: best,
        states: best.states(of: run.samples.floats(0, size: run.job.widths[0]), job: job),
        sample: 0
      ).svg
    case "weights": SampleSheets.weights(run, epoch: best)
    case "hidden": HiddenStatesFigure.svg(run)
    case "confusion": ConfusionFigure.svg(run, epoch: best)
    case "mistakes": SampleSheets.mistakes(run, epoch: best)
    case "norms": LayerFigures.norms(run.networks).svg()
    case "dead": LayerFigures.deadUnits(run.networks)?.svg()
    case "weight-histograms": LayerFigures.weights(run)
    case "gradient-histograms": LayerFigures.gradients(run)
    default: nil
    }
  print(svg?.file ?? "no picture", terminator: "")
}
