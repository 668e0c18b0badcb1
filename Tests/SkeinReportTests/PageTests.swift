import Foundation
import Testing

@testable import SkeinReport

@Suite struct PageTests {
  /// The JSON that the page's script reads.
  private func json(of page: String) throws -> Substring {
    let start = try #require(page.range(of: "<script type=\"application/json\" id=\"data\">"))
    let end = try #require(page[start.upperBound...].range(of: "</script>"))
    let text = page[start.upperBound..<end.lowerBound]
    #expect(!text.contains("<") && !text.contains(">") && !text.contains("&"))
    return text
  }

  @Test func thePageIsComplete() throws {
    let page = try Page.html(makeRun())
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
    #expect(!page.contains("{{"), "a place that was not filled")
    for address in ["http:", "https:", "src=\"", "@import"] {
      let found = page.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
      #expect(!found.contains(address), "\(address)")
    }
    let json = Data(try json(of: page).utf8)
    let data = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
    let networks = try #require(data["networks"] as? [[String: Any]])
    #expect(networks.compactMap { $0["epoch"] as? Int } == [0, 1, 2, 3])
    #expect(networks.compactMap { $0["exact"] as? Bool } == [false, false, false, true])
    #expect((data["epochs"] as? [Any])?.count == 3)
  }

  @Test(arguments: hostileTexts)
  func namesStayText(text: String) throws {
    let page = try Page.html(makeRun(name: text, classes: [text, "other"]))
    struct Shown: Decodable {
      struct Facts: Decodable { let classes: [String] }
      let facts: Facts
    }
    let shown = try JSONDecoder().decode(Shown.self, from: Data(try json(of: page).utf8))
    #expect(shown.facts.classes.map { Array($0.utf8) } == [text, "other"].map { Array($0.utf8) })
    let plain = try Page.html(makeRun())
    for tag in ["<script", "</script", "<svg", "</svg", "<style", "</style", "<title", "<!--"] {
      #expect(count(tag, page) == count(tag, plain), "\(tag)")
    }
  }

  private func count(_ part: String, _ text: String) -> Int {
    text.components(separatedBy: part).count - 1
  }

  /// Each text stands once, with its epochs, before the curves, and stays text.
  @Test func warningsStandBeforeTheCurves() throws {
    func page(_ warnings: [[String]?]) throws -> String {
      var run = makeRun()
      for (index, texts) in warnings.enumerated() { run.epochs[index].warnings = texts }
      return try Page.html(run)
    }
    #expect(try !page([nil, nil, nil]).contains("What went wrong"))
    let text = try page([["a <b> & c", "first"], nil, ["a <b> & c"]])
    let list = try #require(text.range(of: "<li><strong>epochs 1, 3:</strong> a &lt;b&gt; &amp; c"))
    let curves = try #require(text.range(of: "Learning curves"))
    #expect(list.upperBound < curves.lowerBound)
    #expect(text.contains("<li><strong>epoch 1:</strong> first</li>"))
    #expect(try page([["x"], ["x"], ["x"]]).contains("<strong>epochs 1 to 3:</strong> x"))
    let many = try page([(0..<20).map { "text \($0)" }])
    #expect(many.contains("text 7<") && !many.contains("text 8<") && many.contains("and 12 more"))
  }

  @Test func weightsComeBackFromTheirCharacters() throws {
    let codes = (0..<63).map { UInt8($0) }
    let text = Base64.characters(codes)
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    #expect(text == alphabet.prefix(63))
    #expect(Base64.text([Float(1), -2.5]) == "AACAPwAAIMA=")
  }

  @Test(
    arguments: [
      ([], []), ([0], [0, 1]), ([1, 0, 0, 2], [1, 0, 2, 2]), ([0, 0, 0, 7], [0, 3, 7]),
      ([UInt8](repeating: 0, count: 600), [0, 255, 0, 255, 0, 90]),
    ] as [([UInt8], [UInt8])])
  func runsOfZerosAreCoded(bytes: [UInt8], coded: [UInt8]) {
    #expect(ZeroRuns.encode(bytes) == coded)
  }

  @Test func epochsThatDoNotFitAreLeftOutEvenly() {
    let networks = makeRun().networks
    let all = PageBudget.chosen(networks, budget: 10_000)
    #expect(all.map(\.epoch) == [0, 1, 2, 3])
    // The exact network takes 96 characters, a rounded one 44.
    #expect(PageBudget.chosen(networks, budget: 190).map(\.epoch) == [0, 2, 3])
    #expect(PageBudget.chosen(networks, budget: 0).map(\.epoch) == [3])
    let rounded = Array(networks.dropLast())
    #expect(PageBudget.chosen(rounded, budget: 0).map(\.epoch) == [2])
    #expect(PageBudget.chosen([], budget: 0).isEmpty)
  }
}
