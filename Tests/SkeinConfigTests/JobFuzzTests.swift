import SkeinRandom
import Testing
import Yams

@testable import SkeinConfig
@testable import SkeinFiles

/// Mutated job files: none may trap, and no anchor may pass the scan that comes before the parser.
@Suite struct JobFuzzTests {
  /// Pieces of YAML that change how the text around them is read.
  private static let pieces = [
    "&x ", "*x", " *x", "[", "]", "{", "}", ", ", ",", ": ", ":", "- ", "-", "? ", "?", "#", " #",
    "\"", "'", "\\", "\n", "\r", "\n  ", "  ", "\t", "|\n", ">", "!", "!!str ", "%", "---", "---\n",
    "...\n", "~", "null", "--- ", ", &x ", ", *x", "\n\"", "\n'", "é", "\u{85}", "\u{FEFF}", "\0",
    "@", "<<", "a", "1", "''",
    "\"\"",
  ]

  private struct Mutator {
    var generator: MersenneTwister

    mutating func below(_ count: Int) -> Int { Int(generator.next32()) % count }

    mutating func mutate(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
      var text = text
      for _ in 0...below(4) {
        let place = below(text.count + 1)
        switch below(4) {
        case 0: text.removeSubrange(place..<min(text.count, place + below(6)))
        case 1:
          let end = min(text.count, place + below(30))
          text.insert(contentsOf: text[place..<end], at: below(text.count + 1))
        default:
          text.insert(
            contentsOf: JobFuzzTests.pieces[below(pieces.count)].unicodeScalars, at: place)
        }
      }
      return text
    }
  }

  /// Whether a parsed text has an anchor, or shares a node by an alias.
  private func hasAnchor(_ node: Yams.Node) -> Bool {
    if node.anchor != nil { return true }
    switch node {
    case .alias: return true
    case .scalar: return false
    case .sequence(let items): return items.contains(where: hasAnchor)
    case .mapping(let mapping): return mapping.contains { hasAnchor($0) || hasAnchor($1) }
    }
  }

  @Test func theFuzzerKnowsAnchors() throws {
    for text in ["&x a", "a: &x b", "[&x a, *x]", "&x {a: b}", "{a: [&x [b]]}", "--- &x a"] {
      let parser = try Parser(yaml: text + padding, resolver: .basic, encoding: .utf8)
      let node = try #require(try parser.singleRoot())
      #expect(hasAnchor(node), "\(text)")
      #expect(parser.yaml.hasPrefix(text))
    }
  }

  /// The parser's pointer holds for texts that are too long to be stored inside the String itself.
  private let padding = "\n" + String(repeating: " ", count: 16)

  @Test(arguments: [1, 2, 3, 4])
  func mutants(seed: UInt64) throws {
    let seeds = [
      FullJob.text(), "a: [b, 'c', \"d\"]\n", "a: b\n  c\nd: {e: [f\n, g], h: i}\n",
      "--- a\n", "[a\n, 'b, c', d]", "[a\nb]", "a: 'b, c'\n", "a: \"b, c\"\n", "a", "[]",
      "[a, b: c, {d: e}]", "- a\n- - b\n  - c: d\n", "a: 'b' # c\n\"d\": \"e\\\"f\"\n",
      (try JobFolder().load(FullJob.text())).job.yaml,
    ].map { Array($0.unicodeScalars) }
    var mutator = Mutator(generator: MersenneTwister(seed: seed))
    let source = JobSource(name: "fuzz", hasLines: true)
    var counts = (refused: 0, parsed: 0, loaded: 0)
    for _ in 0..<1500 {
      let scalars = mutator.mutate(seeds[mutator.below(seeds.count)])
      let text = String(String.UnicodeScalarView(scalars))
      do {
        try YamlScan.check(text, source)
      } catch {
        counts.refused += 1
        continue
      }
      let padded = text + padding
      let parser = try Parser(yaml: padded, resolver: .basic, encoding: .utf8)
      if let node = (try? parser.singleRoot()) ?? nil {
        counts.parsed += 1
        #expect(!hasAnchor(node), "an anchor passed the scan in: \(text.debugDescription)")
        #expect(parser.yaml == padded)
      }
      var reader = JobReader(defaults: .defaults(name: "x"))
      if let root = try? YamlParser.parse(text, source) {
        reader.read(root, source)
        reader.finish(source)
        counts.loaded += reader.errors.isEmpty ? 1 : 0
      }
    }
    #expect(counts.refused > 100 && counts.parsed > 100 && counts.loaded > 0, "\(counts)")
  }
}
