import Skein

let train = try DatasetFolder(opening: "Datasets/lines").load("train", threads: 1)
var generator = MersenneTwister(seed: 1234)
let network = Network(inputs: 10, hidden: [16, 16], outputs: 5, activation: .relu)
let model = FeedForward(network, initializer: .lecture, from: &generator)  // U[-0.5, 0.5]
let learner = Learner(model, StochasticGradientDescent(learningRate: 0.1))
for epoch in 1...5 {
  var losses: [Float] = []
  for (x, y) in train.batches(32, from: &generator) {
    let loss = learner(x).crossEntropy(y)
    learner.zeroGradients()
    loss.backward()
    learner.step()
    losses.append(loss.item)
  }
  print("epoch \(epoch), loss \(losses.reduce(0, +) / Float(losses.count))")
}
