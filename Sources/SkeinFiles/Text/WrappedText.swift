extension String {
  /// This text with no line wider than `width` columns: wide lines go on in the next one.
  ///
  /// Lines break at spaces, never between a number and its `%`; a single word that is wider than a
  /// line is broken anywhere, and begins where there is room for a good part of it. What goes on
  /// stands under the line's second column of text where it has one (two spaces set it apart), and
  /// else two columns further in than the line; a second column of an indented line that is more
  /// than halfway out stands below the first one. Lines that fit stay as they are.
  ///
  /// - Parameter isProse: whether lines that begin at the left go on there.
  public func wrapped(to width: Int, isProse: Bool = false) -> String {
    split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in
        String(line).columns <= width
          ? String(line) : Self.wrapped(line: line, Swift.max(width, 2), isProse: isProse)
      }
      .joined(separator: "\n")
  }

  private static func wrapped(line: Substring, _ width: Int, isProse: Bool) -> String {
    let indent = line.prefix { $0 == " " }.count
    if let stacked = stacked(line, indent, width) { return stacked }
    let isLeft = isProse && indent == 0
    let hang = isLeft ? "" : String(repeating: " ", count: hang(of: line, indent, width))
    var lines: [String] = []
    // Text in a second column that is too far out goes as far in as one that is below the first.
    let start = indent <= width / 2 ? indent : Swift.min(6, width / 2)
    var lead = String(repeating: " ", count: width < 8 ? 0 : start)
    var current = lead
    var isEmpty = true
    for piece in pieces(of: line.dropFirst(indent)) {
      let gap = isEmpty ? "" : piece.gap
      if current.columns + gap.columns + piece.word.columns <= width {
        current += gap + piece.word
      } else {
        let room = width - current.columns - gap.columns
        let isBroken = hang.columns + piece.word.columns > width && room >= width / 3
        if isBroken {
          current += gap
        } else if !isEmpty {
          lines.append(current)
          lead = hang
          current = lead
        }
        current += piece.word
        while current.columns > width {
          let head = current.prefix(columns: width)
          // A wide character in a narrow line stays: every round takes something away.
          guard head.count > lead.count else { break }
          lines.append(head)
          lead = hang
          current = lead + current.dropFirst(head.count)
        }
      }
      isEmpty = false
    }
    return (lines + [current]).joined(separator: "\n")
  }

  /// An indented line whose second column begins more than halfway out, as one column above the
  /// other; nil for all other lines.
  private static func stacked(_ line: Substring, _ indent: Int, _ width: Int) -> String? {
    guard indent > 0, width >= 8, let gap = line.dropFirst(indent).firstRange(of: "  ") else {
      return nil
    }
    let head = String(line[..<gap.lowerBound])
    let rest = String(line[gap.upperBound...].drop { $0 == " " })
    let column = line.count - rest.count
    guard !rest.isEmpty, column > width / 2, head.columns <= width else { return nil }
    let margin = String(repeating: " ", count: Swift.min(indent + 4, width / 3))
    let text = rest.wrapped(to: width - margin.count, isProse: true)
    return ([head] + text.split(separator: "\n").map { margin + $0 }).joined(separator: "\n")
  }

  /// Where the second line begins: at most in the middle.
  private static func hang(of line: Substring, _ indent: Int, _ width: Int) -> Int {
    // In next to no room all of it is for the text.
    if width < 8 { return 0 }
    if indent > width / 2 { return Swift.min(6, width / 2) }
    let text = line.dropFirst(indent)
    if let gap = text.firstRange(of: "  ") {
      let second = text[gap.lowerBound...].drop { $0 == " " }
      let column = String(line[..<second.startIndex]).columns
      if !second.isEmpty, column <= width / 2 { return column }
    }
    return Swift.min(indent + 2, width / 2)
  }

  /// The words of `text`, each with the spaces before it. "93.8 %" is one word.
  private static func pieces(of text: Substring) -> [(gap: String, word: String)] {
    var pieces: [(gap: String, word: String)] = []
    var rest = text
    while !rest.isEmpty {
      let gap = rest.prefix { $0 == " " }
      let word = rest.dropFirst(gap.count).prefix { $0 != " " }
      rest = rest.dropFirst(gap.count + word.count)
      guard !word.isEmpty else { break }
      if word.first == "%", let last = pieces.indices.last {
        pieces[last].word += gap + word
      } else {
        pieces.append((String(gap), String(word)))
      }
    }
    return pieces
  }
}
