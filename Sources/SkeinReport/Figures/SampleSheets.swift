import SkeinRecord

/// Sheets of small pictures, each with a caption.
public enum SampleSheets {
  /// Samples with their numbers and classes: `skein plot samples`.
  ///
  /// - Parameters:
  ///   - samples: what to show.
  ///   - classes: the names of the classes; none where targets are values.
  ///   - shape: the dimensions of one sample.
  ///   - title: the title above the sheet.
  public static func samples(
    _ samples: LabelledSamples, classes: [String], shape: [Int], title: String
  ) -> SVG {
    let size = shape.reduce(1, *)
    let range = Self.range(samples.elements)
    let pixels = Pixels(shape)
    let tiles = samples.rows.indices.map { index in
      Tile(
        picture: pixels.grey(samples.floats(index, size: size), low: range.low, high: range.high),
        caption: samples.labels.isEmpty
          ? samples.values(index).map { NumberFormat.value(Double($0)) }.joined(separator: ", ")
          : name(samples.labels[index], classes),
        detail: "sample \(LabelledSamples.name(samples.rows[index]))")
    }
    return sheet(tiles, pixels, title: title)
  }

  /// The wrong predictions with the highest scores, or "none": `skein plot mistakes`.
  public static func mistakes(_ run: RunNumbers, epoch: EpochRecord) -> SVG {
    let range = Self.range(run.samples.elements)
    let pixels = Pixels(run.facts.sampleShape)
    let tiles = epoch.mistakes.map { mistake in
      Tile(
        picture: pixels.grey(mistake.sample.floats, low: range.low, high: range.high),
        caption: name(mistake.label, run.facts.classes),
        detail: "→ \(name(mistake.predicted, run.facts.classes))",
        ending: ", "
          + (run.job.usesSoftmax
            ? NumberFormat.percent(mistake.score) : NumberFormat.short(mistake.score)))
    }
    var svg = sheet(
      tiles, pixels,
      title: "\(run.job.name), epoch \(epoch.epoch): class → answer, surest mistakes first",
      leastHeight: 50)
    if tiles.isEmpty { svg.text("none", x: 8, y: 38, "dim") }
    return svg
  }

  /// The samples whose values are told worst, or "none": `skein plot mistakes`.
  public static func largestErrors(
    _ run: RunNumbers, epoch: EpochRecord, values: ValueRecord
  ) -> SVG {
    let range = Self.range(run.samples.elements)
    let pixels = Pixels(run.facts.sampleShape)
    func text(_ values: [Float]) -> String {
      values.prefix(3).map { NumberFormat.value(Double($0)) }.joined(separator: ", ")
        + (values.count > 3 ? ", …" : "")
    }
    let tiles = values.largest.map { error in
      Tile(
        picture: pixels.grey(error.sample.floats, low: range.low, high: range.high),
        caption: text(error.target), detail: "→ \(text(error.prediction))")
    }
    var svg = sheet(
      tiles, pixels,
      title: "\(run.job.name), epoch \(epoch.epoch): true → predicted "
        + "\(run.facts.outputNames.prefix(3).joined(separator: ", ")), largest errors first",
      leastHeight: 50)
    if tiles.isEmpty { svg.text("none", x: 8, y: 38, "dim") }
    return svg
  }

  /// The weights into each neuron of the first layer, as a picture per neuron:
  /// `skein plot weights`. At most 64 neurons are shown, those with the largest weights.
  public static func weights(_ run: RunNumbers, epoch: EpochRecord) -> SVG {
    let pixels = Pixels(run.facts.sampleShape)
    guard let layer = epoch.layers.first else { return sheet([], pixels, title: "no weights") }
    let values = layer.values
    let rows = (0..<layer.outputs).map {
      Array(values[($0 * layer.inputs)..<(($0 + 1) * layer.inputs)])
    }
    let norms = rows.map { $0.reduce(0) { $0 + $1 * $1 } }
    let chosen = norms.indices.sorted { norms[$0] != norms[$1] ? norms[$0] > norms[$1] : $0 < $1 }
      .prefix(64).sorted()
    let tiles = chosen.map { Tile(picture: pixels.signed(rows[$0]), caption: "neuron \($0)") }
    let part =
      chosen.count < layer.outputs
      ? "\(chosen.count) of \(layer.outputs) neurons, by weight norm" : "all neurons"
    return sheet(
      tiles, pixels,
      title: "\(run.job.name), epoch \(epoch.epoch): weights into the first layer, \(part)")
  }

  private struct Tile {
    let picture: [UInt8]
    let caption: String
    var detail = ""
    /// What follows the detail, and is never shortened.
    var ending = ""
  }

  private static func sheet(
    _ tiles: [Tile], _ pixels: Pixels, title: String, leastHeight: Double = 0
  ) -> SVG {
    let scale = max(1, 72 / Double(max(pixels.width, pixels.height)))
    let (width, height) = (Double(pixels.width) * scale, Double(pixels.height) * scale)
    let hasDetails = tiles.contains { !$0.detail.isEmpty }
    let cell = (width: max(width, 92) + 12, height: height + (hasDetails ? 40 : 26))
    let columns = max(1, min(10, tiles.count))
    let rows = (tiles.count + columns - 1) / columns
    var svg = SVG(
      width: max(480, cell.width * Double(columns) + 16),
      height: max(leastHeight, 40 + cell.height * Double(rows)), title: title)
    svg.text(title, x: 8, y: 18, "title")
    // A character is about 6.2 wide, and one of a detail about 5.4.
    let (room, detailRoom) = (Int(cell.width / 6.2), Int(cell.width / 5.4))
    for (index, tile) in tiles.enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      let (x, y) = (8 + cell.width * Double(column), 32 + cell.height * Double(row))
      svg.image(
        tile.picture, x: x, y: y, width: width, height: height,
        hint: "\(tile.caption) \(tile.detail)\(tile.ending)")
      svg.rectangle(x, y, width, height, [("class", "grid"), ("fill", "none")])
      svg.text(fitted(tile.caption, room), x: x, y: y + height + 14)
      if !tile.detail.isEmpty {
        let detail = fitted(tile.detail, max(3, detailRoom - tile.ending.count))
        svg.text(detail + tile.ending, x: x, y: y + height + 27, "small dim")
      }
    }
    return svg
  }

  private static func fitted(_ text: String, _ limit: Int) -> String {
    text.count > limit ? String(text.prefix(limit - 1)) + "…" : text
  }

  private static func name(_ label: Int, _ classes: [String]) -> String {
    classes.indices.contains(label) ? classes[label] : "?"
  }

  private static func range(_ elements: SampleElements) -> (low: Float, high: Float) {
    let values = elements.floats
    return (values.min() ?? 0, values.max() ?? 1)
  }
}
