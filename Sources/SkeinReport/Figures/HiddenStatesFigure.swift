import SkeinRecord

/// The last hidden states of samples in their principal plane (PCA), coloured by class, or by the
/// first output's value: `skein plot hidden`.
public enum HiddenStatesFigure {
  /// Up to six epochs side by side, evenly spread. Each has its own scale.
  public static func svg(_ run: RunNumbers) -> SVG {
    let recorded = run.networks.filter { !$0.plane.isEmpty }
    let count = min(6, recorded.count)
    let chosen = (0..<count).map {
      recorded[count == 1 ? 0 : $0 * (recorded.count - 1) / (count - 1)]
    }
    let side = 250.0
    let columns = max(1, min(3, count))
    let rows = (count + columns - 1) / columns
    let probed = run.record.probed
    let groups = SampleGroups(run)
    let labels = Array(Set(probed.map { groups.labels[$0] })).sorted().prefix(30)
    let legend = 24 + 6.8 * Double(labels.map { name($0, groups).count }.max() ?? 0)
    let title = "The last hidden layer, sample by sample"
    let subtitle =
      "\(probed.count) samples of \(run.facts.split), projected to the plane of their largest "
      + "variance (PCA)"
    // One panel alone is narrower than the texts above it.
    let texts = SVG.width(ofTitle: title, subtitle)
    var svg = SVG(
      width: max(side * Double(columns) + legend + 16, texts),
      height: max(46 + (side + 20) * Double(rows), 60 + 16 * Double(labels.count)),
      title: "\(run.job.name): last hidden states in their principal plane")
    svg.text(title, x: 8, y: 18, "title")
    svg.text(subtitle, x: 8, y: 34, "small dim")
    for (index, network) in chosen.enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      draw(
        network, probed.map { groups.labels[$0] }, into: &svg, x: 8 + side * Double(column),
        y: 46 + (side + 20) * Double(row), side: side - 8)
    }
    for (index, label) in labels.enumerated() {
      let (x, y) = (side * Double(columns) + 16, 66 + 16 * Double(index))
      svg.add(
        "circle", [("cx", x), ("cy", y - 4), ("r", 4), ("class", PictureStyle.fill(label))])
      svg.text(name(label, groups), x: x + 10, y: y)
    }
    return svg
  }

  private static func draw(
    _ network: EpochRecord, _ labels: [Int], into svg: inout SVG, x: Double, y: Double,
    side: Double
  ) {
    let title = network.epoch == 0 ? "before training" : "epoch \(network.epoch)"
    svg.text(
      "\(title), \(NumberFormat.percent(network.explained, 0)) of the variance", x: x, y: y + 12,
      "small dim")
    svg.rectangle(x, y + 18, side, side - 10, [("class", "grid"), ("fill", "none")])
    let places = PlaneLayout.places(network.plane, width: side - 12, height: side - 22)
    let byLabel = Dictionary(grouping: labels.indices.prefix(places.count)) {
      labels[$0]
    }
    for (label, points) in byLabel.sorted(by: { $0.key < $1.key }) {
      svg.group([("class", PictureStyle.fill(label)), ("fill-opacity", 0.75)]) { svg in
        for point in points {
          svg.add(
            "circle",
            [("cx", x + 6 + places[point].x), ("cy", y + 24 + places[point].y), ("r", 2.2)])
        }
      }
    }
  }

  private static func name(_ label: Int, _ groups: SampleGroups) -> String {
    let name = groups.names.indices.contains(label) ? groups.names[label] : "?"
    // Groups of values are few, and end in numbers.
    let limit = groups.areOfValues ? 32 : 18
    return name.count > limit ? String(name.prefix(limit - 1)) + "…" : name
  }
}

/// Places the points of a plane in a rectangle, with the same scale in both directions.
enum PlaneLayout {
  /// The places of the points of `plane`, which has two coordinates per point. O(points).
  static func places(
    _ plane: [Float], width: Double, height: Double
  ) -> [(x: Double, y: Double)] {
    let points = stride(from: 0, to: plane.count - 1, by: 2).map {
      (x: Double(plane[$0]), y: Double(plane[$0 + 1]))
    }
    let (left, right) = (points.map(\.x).min() ?? 0, points.map(\.x).max() ?? 1)
    let (low, high) = (points.map(\.y).min() ?? 0, points.map(\.y).max() ?? 1)
    let scale = min(width / max(right - left, 1e-30), height / max(high - low, 1e-30))
    return points.map {
      (
        x: width / 2 + ($0.x - (left + right) / 2) * scale,
        y: height / 2 - ($0.y - (low + high) / 2) * scale
      )
    }
  }
}
