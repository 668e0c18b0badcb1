import SkeinRecord
import SkeinTestSupport
import Testing

@testable import SkeinRun

/// How what a probe records is compared with a `DoubleNetwork`.
extension ProbeTests {
  /// Expects what the loops give, and that no rounding can decide the comparison.
  func check(
    _ layers: [LayerRecord], _ plane: PrincipalPlane, _ network: DoubleNetwork,
    trained: [DoubleNetwork.Sample], shown: [DoubleNetwork.Sample]
  ) {
    check(
      layers, (plane.coordinates, plane.explained), network, trained: trained, shown: shown)
  }

  func check(
    _ layers: [LayerRecord], _ plane: (coordinates: [Float], explained: Double),
    _ network: DoubleNetwork, trained: [DoubleNetwork.Sample], shown: [DoubleNetwork.Sample]
  ) {
    let gradient = network.meanGradient(trained)
    #expect(layers.count == network.layers.count)
    for (index, layer) in layers.enumerated() {
      let found = differences(layer, network.layers[index], gradient[index])
      #expect(found.isEmpty, "layer \(index): \(found)")
      let unsure = unsureValues(gradient[index].weights, slack(gradient[index]))
      #expect(unsure * 10 <= gradient[index].weights.count, "\(unsure) near a bin's edge")
    }
    #expect(layers.map(\.deadUnits) == dead(network, shown))
    let lines = network.plane(shown)
    let found = differences(plane, lines)
    #expect(found.isEmpty, "\(found)")
    // A relu's slope jumps at 0; a unit that hardly moves may round to one that does not.
    #expect(network.leastPreactivation(trained) > 1e-4)
    #expect(network.ranges(shown).joined().allSatisfy { $0 == 0 || $0 > 1e-2 })
    // Directions of almost equal spread are no directions.
    for (spread, next) in zip(lines.spreads, lines.spreads.dropFirst()) {
      #expect(next < 0.9 * spread, "\(lines.spreads)")
    }
  }

  /// How many units of each layer do not move; nil for the last layer.
  func dead(_ network: DoubleNetwork, _ samples: [DoubleNetwork.Sample]) -> [Int?] {
    network.ranges(samples).map { unit in unit.count { $0 == 0 } } + [nil]
  }

  /// How far a mean gradient of Floats may be from the exact one: six results of an operation
  /// (three layers forwards and three backwards), each a sum of at most 12 products.
  func slack(_ gradient: DoubleNetwork.Layer) -> Double {
    let largest = gradient.numbers.map(abs).max() ?? 0
    return 6 * Double(Tolerance.allowed(Float(largest), terms: 12))
  }

  /// What a record of a layer has that its parameters and its mean gradient do not give, as text.
  func differences(
    _ record: LayerRecord, _ layer: DoubleNetwork.Layer, _ gradient: DoubleNetwork.Layer
  ) -> [String] {
    var found = Differences()
    found.add("outputs", Double(record.outputs), Double(layer.outputs))
    found.add("inputs", Double(record.inputs), Double(layer.inputs))
    found.add("biases", record.biases.map { Double($0) }, layer.biases)
    found.add("slope", record.slope.map { [Double($0)] } ?? [], layer.slope.map { [$0] } ?? [])
    // Half a step of the row's largest weight / 31, and a rounding.
    for (row, start) in stride(from: 0, to: layer.weights.count, by: layer.inputs).enumerated() {
      let exact = Array(layer.weights[start..<(start + layer.inputs)])
      let coded = record.values[start..<(start + layer.inputs)].map { Double($0) }
      found.add("weights of unit \(row)", coded, exact, within: exact.map(abs).max()! / 61.9)
    }
    // Weights are exact; the bins' edges are rounded.
    let edge = layer.weights.map(abs).max()! * 0x1p-21
    add("weight", record.weightHistogram, layer.weights, within: edge, to: &found)
    let slack = slack(gradient)
    add("gradient", record.gradientHistogram, gradient.weights, within: slack, to: &found)
    let square = gradient.numbers.map { $0 * $0 }.reduce(0, +)
    found.add(
      "norm", record.gradientNorm ?? .nan, square.squareRoot(),
      within: slack * Double(gradient.numbers.count).squareRoot())
    return found.texts
  }

  /// Adds what a histogram has that `values` do not give, each of which may be off by `slack`.
  private func add(
    _ name: String, _ histogram: Histogram?, _ values: [Double], within slack: Double,
    to found: inout Differences
  ) {
    guard let histogram else { return found.texts.append("no \(name) histogram") }
    let count = Double(values.count)
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    found.add("\(name) low", Double(histogram.low), low, within: slack)
    found.add("\(name) high", Double(histogram.high), high, within: slack)
    found.add("\(name) count", Double(histogram.total), count)
    found.add("\(name) sum", histogram.sum, values.reduce(0, +), within: count * slack)
    found.add(
      "\(name) sum of squares", histogram.sumOfSquares, values.map { $0 * $0 }.reduce(0, +),
      within: values.map { slack * (2 * abs($0) + slack) }.reduce(0, +))
    found.add("\(name) bins", Double(histogram.counts.count), 48)
    // How many values lie below each edge: those that surely do, and perhaps those near it.
    var below = 0
    for (bin, number) in histogram.counts.enumerated().dropLast() {
      below += number
      let (least, most) = valuesBelow(edge: bin + 1, values, slack)
      if below < least || below > most {
        found.texts.append("\(name)s up to bin \(bin): \(below), not \(least) to \(most)")
      }
    }
  }

  /// How many `values` lie below an edge of the 48 bins between the least and the greatest one,
  /// at least and at most: the value, and each end of the bins, may be off by `slack`.
  private func valuesBelow(
    edge: Int, _ values: [Double], _ slack: Double
  ) -> (least: Int, most: Int) {
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    let place = low + (high - low) * Double(edge) / 48
    return (values.count { $0 < place - 3 * slack }, values.count { $0 < place + 3 * slack })
  }

  /// How many values lie so near an edge that rounding decides their bin. Two values are
  /// the ends, and in the first and the last bin.
  private func unsureValues(_ values: [Double], _ slack: Double) -> Int {
    guard values.count > 2 else { return 0 }
    return (1..<48).map { edge in
      let (least, most) = valuesBelow(edge: edge, values, slack)
      return most - least
    }.reduce(0, +)
  }

  func differences(_ plane: PrincipalPlane, _ expected: DoublePlane) -> [String] {
    differences((plane.coordinates, plane.explained), expected)
  }

  /// What a plane has that the iteration in Double does not give, as text.
  ///
  /// The plane's own iteration ends when no element of a direction changes by more than 1e-4, so
  /// directions are off by some 1e-4; the share of the spread is off by the square of that.
  private func differences(
    _ plane: (coordinates: [Float], explained: Double), _ expected: DoublePlane
  ) -> [String] {
    var found = Differences()
    let share = expected.spreads.prefix(2).reduce(0, +) / expected.total
    found.add("explained", plane.explained, share, within: 1e-5)
    let count = expected.coordinates[0].count
    let reach = expected.coordinates[0].map(abs).max() ?? 0
    for axis in 0..<2 {
      // Points of one dimension have no second direction.
      let exact =
        axis < expected.coordinates.count
        ? expected.coordinates[axis] : [Double](repeating: 0, count: count)
      let along = stride(from: axis, to: plane.coordinates.count, by: 2)
        .map { Double(plane.coordinates[$0]) }
      // A direction may as well point the other way.
      let sign = zip(along, exact).map { $0 * $1 }.reduce(0, +) < 0 ? -1.0 : 1.0
      found.add("axis \(axis)", along.map { sign * $0 }, exact, within: 2e-3 * reach)
    }
    return found.texts
  }
}

/// Numbers that are not what they should be, as texts.
private struct Differences {
  var texts: [String] = []

  mutating func add(
    _ name: String, _ found: Double, _ expected: Double, within slack: Double = 0
  ) {
    // Written so that a NaN is a difference.
    if !(abs(found - expected) <= slack) {
      texts.append("\(name): \(found) instead of \(expected)")
    }
  }

  mutating func add(
    _ name: String, _ found: [Double], _ expected: [Double], within slack: Double = 0
  ) {
    guard found.count == expected.count else {
      return texts.append("\(name): \(found.count) numbers instead of \(expected.count)")
    }
    for (index, pair) in zip(found, expected).enumerated() {
      add("\(name), \(index)", pair.0, pair.1, within: slack)
    }
  }
}
