import Skein

var job = try Job.load(path: "Configs/digits.yaml").job
job.training.epochs = 3
let run = try TrainingRun(job, in: "Runs/digits")  // goes on with what is in the folder
try run.train()  // checkpoints, metrics.jsonl, report.html
print("epoch \(run.trainer.progress.epoch), best \(run.bestEpoch?.testAccuracy ?? 0)")

let trained = try TrainedRun(RunFolder(path: "Runs/digits"))
if let digit = run.test?.stored(0) {
  let answer = try trained.predictions(for: digit)[0]
  print("it is a \(trained.className(of: answer)), score \(answer.scores[answer.label])")
}
