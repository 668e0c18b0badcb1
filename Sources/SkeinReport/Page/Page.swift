import Foundation

/// `report.html`: one file that holds everything, and needs neither a server nor the network.
public enum Page {
  /// The page of `run`.
  ///
  /// Curves and layers are SVG in the page. The page's script draws what depends on the chosen
  /// epoch, from one block of JSON. The texts of the run are escaped everywhere.
  ///
  /// - Parameters:
  ///   - run: what to draw.
  ///   - budget: about how many characters the weights may take; nil for 4 million. Epochs that do
  ///     not fit are left out evenly, and the page says which it has.
  /// - Throws: `EncodingError` where JSON cannot hold the run.
  public static func html(_ run: RunNumbers, budget: Int? = nil) throws -> String {
    let data = PageData(run, budget: budget ?? PageBudget.standard)
    let json = try JSONText.encode(data, spellsInfinity: true)
    let script = [
      PackageResources.model_js, PackageResources.dom_js, PackageResources.drawing_js,
      PackageResources.panels_js, PackageResources.values_js, PackageResources.main_js,
    ].map(text).joined()
    let epochs = run.epochs
    let curves = [
      LearningCurves.loss(epochs), LearningCurves.accuracy(epochs),
      LearningCurves.learningRate(run.rates),
      LearningCurves.speed(epochs),
    ].map { $0.inline() }.joined()
    return filled(
      text(PackageResources.page_html),
      [
        "title": Markup.escaped(run.job.name),
        "style": text(PackageResources.page_css) + PictureStyle.css,
        "warnings": WarningList.html(epochs), "curves": curves, "layers": LayerFigures.inline(run),
        "data": Markup.embedded(json: json), "script": script,
      ])
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// `template` with every `{{key}}` replaced. It is done in one pass, so that nothing inside a
  /// value is taken for a key.
  private static func filled(_ template: String, _ values: [String: String]) -> String {
    var result = ""
    for (index, part) in template.components(separatedBy: "{{").enumerated() {
      let halves = index == 0 ? [part] : part.components(separatedBy: "}}")
      guard halves.count == 2, let value = values[halves[0]] else {
        result += part
        continue
      }
      result += value + halves[1]
    }
    return result
  }
}
