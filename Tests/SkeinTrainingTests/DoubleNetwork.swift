import Foundation
import SkeinModel

/// A network of dense layers in plain loops and in Double: what results in Float are compared with.
/// Of Skein it takes the parameters, and no arithmetic.
struct DoubleNetwork {
  /// A sample as the network gets it.
  struct Sample {
    let elements: [Double]
    let label: Int
  }

  /// The parameters of a dense layer and of the activation behind it, or a number for each of them.
  struct Layer {
    /// [outputs, inputs], row by row.
    var weights: [Double]
    var biases: [Double]
    /// That of a parametric relu; nil for other activations.
    var slope: Double?

    var outputs: Int { biases.count }
    var inputs: Int { weights.count / biases.count }
    var numbers: [Double] { weights + biases + (slope.map { [$0] } ?? []) }

    func times(_ factor: Double) -> Layer {
      Layer(
        weights: weights.map { factor * $0 }, biases: biases.map { factor * $0 },
        slope: slope.map { factor * $0 })
    }
  }

  let activation: Activation
  let loss: Loss
  let layers: [Layer]

  /// The network with the parameters that `model` has now.
  init(_ model: FeedForward, _ activation: Activation, _ loss: Loss) {
    self.activation = activation
    self.loss = loss
    func values(_ name: String) -> [Double]? {
      model.network.layout.entries.first { $0.name == name }
        .map { entry in model.parameters[entry.range].map { Double($0) } }
    }
    layers = model.network.blocks.indices.map { index in
      Layer(
        weights: values("layers.\(index).weight")!, biases: values("layers.\(index).bias")!,
        slope: values("layers.\(index).slope")?[0])
    }
  }

  /// What each layer gives for a sample: before its activation, and behind it.
  func states(_ elements: [Double]) -> [(before: [Double], behind: [Double])] {
    var states: [(before: [Double], behind: [Double])] = []
    var x = elements
    for (index, layer) in layers.enumerated() {
      var z = layer.biases
      for unit in z.indices {
        for (input, value) in x.enumerated() {
          z[unit] += layer.weights[unit * layer.inputs + input] * value
        }
      }
      let isLast = index == layers.count - 1
      x = isLast ? z : z.map { activated($0, layer.slope).value }
      states.append((z, x))
    }
    return states
  }

  /// The mean over `samples` of ∂loss/∂parameter, for each layer's parameters.
  func meanGradient(_ samples: [Sample]) -> [Layer] {
    var sums = layers.map { $0.times(0) }
    for sample in samples { add(sample, to: &sums) }
    return sums.map { $0.times(1 / Double(samples.count)) }
  }

  /// Per hidden layer and unit: the distance between the least and the greatest activation.
  func ranges(_ samples: [Sample]) -> [[Double]] {
    let passes = samples.map { states($0.elements) }
    return layers.indices.dropLast().map { layer in
      (0..<layers[layer].outputs).map { unit in
        let values = passes.map { $0[layer].behind[unit] }
        return values.max()! - values.min()!
      }
    }
  }

  /// How near a preactivation of a hidden layer comes to 0, where the slope of a relu jumps.
  func leastPreactivation(_ samples: [Sample]) -> Double {
    samples.flatMap { states($0.elements).dropLast().flatMap(\.before) }.map(abs).min()!
  }

  /// The principal plane of the last hidden states.
  func plane(_ samples: [Sample]) -> DoublePlane {
    DoublePlane(samples.map { states($0.elements)[layers.count - 2].behind })
  }

  /// Adds the gradient of one sample's loss.
  private func add(_ sample: Sample, to sums: inout [Layer]) {
    let states = states(sample.elements)
    var dz = lossGradient(states[layers.count - 1].behind, sample.label)
    for (index, layer) in layers.enumerated().reversed() {
      let x = index > 0 ? states[index - 1].behind : sample.elements
      var dx = [Double](repeating: 0, count: x.count)
      for unit in dz.indices {
        sums[index].biases[unit] += dz[unit]
        for input in x.indices {
          let weight = unit * x.count + input
          sums[index].weights[weight] += dz[unit] * x[input]
          dx[input] += dz[unit] * layer.weights[weight]
        }
      }
      guard index > 0 else { return }
      let (z, slope) = (states[index - 1].before, layers[index - 1].slope)
      if slope != nil {
        for unit in z.indices where z[unit] <= 0 { sums[index - 1].slope! += dx[unit] * z[unit] }
      }
      dz = z.indices.map { dx[$0] * activated(z[$0], slope).derivative }
    }
  }

  /// ∂loss/∂output of one sample.
  private func lossGradient(_ outputs: [Double], _ label: Int) -> [Double] {
    let target = outputs.indices.map { $0 == label ? 1.0 : 0.0 }
    switch loss {
    case .crossEntropy:
      let powers = outputs.map { exp($0) }
      let sum = powers.reduce(0, +)
      return outputs.indices.map { powers[$0] / sum - target[$0] }
    case .meanSquaredError:
      return outputs.indices.map { 2 * (outputs[$0] - target[$0]) / Double(outputs.count) }
    default: preconditionFailure("no loop for \(loss)")
    }
  }

  /// The activation of `z`, and its derivative there.
  private func activated(_ z: Double, _ slope: Double?) -> (value: Double, derivative: Double) {
    switch activation {
    case .relu: return z > 0 ? (z, 1) : (0, 0)
    case .parametricRelu: return z > 0 ? (z, 1) : (slope! * z, slope!)
    case .tanh:
      let y = tanh(z)
      return (y, 1 - y * y)
    default: preconditionFailure("no loop for \(activation)")
    }
  }
}

/// The directions in which points spread most, by power iteration of Σ (x − mean)(x − mean)ᵀ: a
/// direction that is found is taken out of the matrix before the next one is looked for.
struct DoublePlane {
  /// The sum of the points' squares along each of the first three directions, largest first.
  let spreads: [Double]
  /// The sum of their squares along all directions.
  let total: Double
  /// For each of these directions, every point's coordinate.
  let coordinates: [[Double]]

  /// - Parameter points: one or more, of one width, that are not all the same.
  init(_ points: [[Double]]) {
    let axes = points[0].indices
    let means = axes.map { axis in
      points.map { $0[axis] }.reduce(0, +) / Double(points.count)
    }
    let centred = points.map { point in axes.map { point[$0] - means[$0] } }
    var matrix = axes.map { i in
      axes.map { j in centred.map { $0[i] * $0[j] }.reduce(0, +) }
    }
    total = axes.map { matrix[$0][$0] }.reduce(0, +)
    var spreads: [Double] = []
    var coordinates: [[Double]] = []
    for _ in axes.prefix(3) {
      var direction = axes.map { 1 / Double($0 + 1) }
      var length = 0.0
      for _ in 0..<3000 {
        let next = matrix.map { Self.dot($0, direction) }
        length = Self.dot(next, next).squareRoot()
        direction = next.map { $0 / length }
      }
      spreads.append(length)
      coordinates.append(centred.map { Self.dot($0, direction) })
      for i in axes {
        for j in axes { matrix[i][j] -= length * direction[i] * direction[j] }
      }
    }
    (self.spreads, self.coordinates) = (spreads, coordinates)
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).map { $0 * $1 }.reduce(0, +)
  }
}
