import SkeinFiles
import SkeinRecord

/// The network as circles and lines, after one epoch: `skein plot network`.
///
/// It shows the activations for one sample. Circles are filled by activation, blue for positive and
/// red for negative. If a layer has too many neurons, it shows those with the largest weights, and
/// says so.
public struct NetworkFigure: Sendable {
  /// The most neurons per layer that are shown.
  static let neurons = 20
  /// The most lines into each neuron.
  static let connections = 5

  private let run: RunNumbers
  private let network: EpochRecord
  /// Every layer's activations, the input first and the scores last.
  private let states: [[Double]]
  /// The neurons that are shown, layer by layer.
  private let chosen: [[Int]]
  private let answerTitle: String

  /// - Parameters:
  ///   - run: the run that the picture is of.
  ///   - epoch: one of the run's epochs, with weights.
  ///   - states: every layer's activations for `sample`, from the input to the scores.
  ///   - sample: the index of a sample in `run.samples`.
  /// - Precondition: there is one more state than layers, and each has its layer's width.
  public init(_ run: RunNumbers, epoch: EpochRecord, states: [[Double]], sample: Int) {
    require(
      states.map(\.count) == run.job.widths, "states of \(states.map(\.count)) neurons")
    self.run = run
    network = epoch
    self.states = states
    chosen = run.job.widths.indices.map { layer in
      Self.strongest(Self.norms(epoch.layers, layer), Self.neurons)
    }
    let truth = run.facts.truth(sample, of: run.samples)
    answerTitle =
      "\(run.job.name), epoch \(epoch.epoch): sample "
      + "\(LabelledSamples.name(run.samples.rows[sample])) of \(run.facts.split), "
      + (run.facts.targets == nil ? "class \(truth)" : truth)
  }

  /// The picture. O(weights).
  public var svg: SVG {
    let (width, height) = (920.0, 510.0)
    var svg = SVG(width: width, height: height, title: answerTitle)
    svg.text(answerTitle, x: 8, y: 18, "title")
    svg.text(omissions, x: 8, y: 34, "small dim")
    let places = places(width: width, height: height)
    for layer in network.layers.indices { drawLines(layer, places, into: &svg) }
    for layer in run.job.widths.indices { drawNeurons(layer, places[layer], into: &svg) }
    return svg
  }

  private var omissions: String {
    let parts = run.job.widths.indices.filter { chosen[$0].count < run.job.widths[$0] }
      .map { "\(chosen[$0].count) of \(run.job.widths[$0]) in \(name($0))" }
    return (parts.isEmpty ? "" : "shown, by weight norm: \(parts.joined(separator: ", ")); ")
      + "lines: the \(Self.connections) largest weights into each neuron, "
      + "blue positive, red negative"
  }

  private func name(_ layer: Int) -> String {
    layer == 0 ? "input" : layer == run.job.widths.count - 1 ? "output" : "hidden \(layer)"
  }

  private func places(width: Double, height: Double) -> [[(x: Double, y: Double)]] {
    let count = Double(max(run.job.widths.count - 1, 1))
    return chosen.enumerated().map { layer, units in
      let x = 50 + (width - 260) * Double(layer) / count
      let step = min(30, (height - 110) / Double(max(units.count, 1)))
      return units.indices.map { row in
        (x, 66 + (height - 84) / 2 + (Double(row) - Double(units.count - 1) / 2) * step)
      }
    }
  }

  private func drawLines(
    _ layer: Int, _ places: [[(x: Double, y: Double)]], into svg: inout SVG
  ) {
    let values = network.layers[layer].values
    let inputs = network.layers[layer].inputs
    let largest = values.reduce(Float.leastNormalMagnitude) { max($0, abs($1)) }
    for (row, unit) in chosen[layer + 1].enumerated() {
      let sizes = chosen[layer].map { Double(abs(values[unit * inputs + $0])) }
      for column in Self.strongest(sizes, Self.connections) {
        let weight = values[unit * inputs + chosen[layer][column]]
        let share = Double(abs(weight) / largest)
        guard share >= 0.02 else { continue }
        let (start, end) = (places[layer][column], places[layer + 1][row])
        svg.add(
          "line",
          [
            ("x1", start.x), ("y1", start.y), ("x2", end.x), ("y2", end.y),
            ("class", weight > 0 ? "positive" : "negative"),
            ("stroke-width", 0.3 + 2.2 * share), ("stroke-opacity", 0.1 + 0.65 * share),
          ])
      }
    }
  }

  private func drawNeurons(
    _ layer: Int, _ places: [(x: Double, y: Double)], into svg: inout SVG
  ) {
    let values = states[layer]
    let isLast = layer == states.count - 1
    let largest = max(values.reduce(0) { max($0, abs($1)) }, 1e-30)
    // Values have no winner: all of them are the answer.
    let winner = values.indices.max { values[$0] < values[$1] } ?? 0
    if let first = places.first {
      svg.text(
        "\(name(layer)), \(values.count)", x: first.x, y: first.y - 16, "middle small dim")
    }
    for (place, unit) in zip(places, chosen[layer]) {
      let value = values[unit]
      let strength = isLast && run.job.usesSoftmax ? value : abs(value) / largest
      let circle: [(String, any AttributeValue)] = [("cx", place.x), ("cy", place.y), ("r", 8.0)]
      svg.add("circle", circle + [("class", "neuron body")])
      svg.add(
        "circle",
        circle + [
          ("class", "neuron \(value >= 0 ? "positiveFill" : "negativeFill")"),
          ("fill-opacity", strength),
        ], hint: "\(name(layer)) \(unit): \(NumberFormat.short(value))")
      guard isLast else { continue }
      let name = run.facts.outputNames[unit]
      let isAnswer = unit == winner || run.facts.targets != nil
      svg.text(
        name.count > 16 ? String(name.prefix(15)) + "…" : name, x: place.x + 16, y: place.y + 4,
        isAnswer ? "title" : "dim")
      svg.text(
        run.job.usesSoftmax ? NumberFormat.percent(value) : NumberFormat.short(value), x: 912,
        y: place.y + 4, isAnswer ? "end title" : "end dim")
    }
  }

  /// The squared norm of the weights out of each input, or into each neuron of a later layer.
  private static func norms(_ layers: [LayerRecord], _ layer: Int) -> [Double] {
    let isInput = layer == 0
    let weights = layers[isInput ? 0 : layer - 1]
    var norms = [Double](repeating: 0, count: isInput ? weights.inputs : weights.outputs)
    for (index, value) in weights.values.enumerated() {
      norms[isInput ? index % weights.inputs : index / weights.inputs] +=
        Double(value) * Double(value)
    }
    return norms
  }

  /// The indices of the `count` largest values, ascending. The first of equals are taken.
  private static func strongest(_ values: [Double], _ count: Int) -> [Int] {
    values.indices.sorted { values[$0] != values[$1] ? values[$0] > values[$1] : $0 < $1 }
      .prefix(count).sorted()
  }
}
