import Skein

// Points of a square, in two classes: within a circle around its middle or not.
var generator = MersenneTwister(seed: 1)
func points(_ name: String, _ count: Int, _ generator: inout MersenneTwister) -> Split {
  let samples = (0..<2 * count).map { _ in Float.random(in: -1...1, using: &generator) }
  let labels = (0..<count).map { index -> Int32 in
    let (x, y) = (samples[2 * index], samples[2 * index + 1])
    return x * x + y * y < 0.6 ? 1 : 0
  }
  return Split(name: name, sampleShape: [2], classCount: 2, samples: samples, labels: labels)
}
let samples = ArrayDataset(
  classes: ["outside", "inside"], train: points("train", 2000, &generator),
  test: points("test", 500, &generator))
let job = Job(
  name: "circle", model: ModelOptions(hidden: [16, 16]),
  optimizer: OptimizerOptions(learningRate: 0.1, momentum: 0.9),
  training: TrainingOptions(epochs: 20, batchSize: 20))
try TrainingRun(job, on: samples, in: "Runs/circle").train()

let trained = try TrainedRun(RunFolder(path: "Runs/circle"))
for answer in try trained.predictions(for: [0.1, 0.2, 0.9, -0.9]) {
  print(trained.className(of: answer))  // inside, outside
}
