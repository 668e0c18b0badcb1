import SkeinRecord

/// The warnings of a run's epochs, as a list above the page's curves.
enum WarningList {
  /// The most warnings that are listed, and the most epochs of each. More would hide the page.
  private static let longest = 8

  /// The list as HTML. It has each text once, with its epochs; empty where there are no warnings.
  /// O(epochs).
  static func html(_ epochs: [EpochMetrics]) -> String {
    var order: [String] = []
    var places: [String: [Int]] = [:]
    for epoch in epochs {
      for text in epoch.warnings ?? [] {
        if places[text] == nil { order.append(text) }
        places[text, default: []].append(epoch.epoch)
      }
    }
    guard !order.isEmpty else { return "" }
    let items = order.prefix(longest).map { text in
      "<li><strong>\(ranges(places[text] ?? [])):</strong> \(Markup.escaped(text))</li>\n"
    }
    let rest = order.count - items.count
    let more = rest > 0 ? "<li>and \(rest) more, in metrics.jsonl</li>\n" : ""
    return """
      <section class="warnings" aria-labelledby="h-warnings">
      <h2 id="h-warnings">What went wrong</h2>
      <ul>
      \(items.joined())\(more)</ul>
      </section>
      """
  }

  /// The epochs in words: "epoch 3", or "epochs 1, 4 to 9".
  private static func ranges(_ epochs: [Int]) -> String {
    (epochs.count == 1 ? "epoch " : "epochs ") + NumberFormat.ranges(epochs, limit: longest)
  }
}
