/// How a job file represents one type of value: what is allowed, how it is read, and how it is
/// written.
struct ValueFormat<Value: Sendable>: Sendable {
  /// The allowed values, such as "a number ≥ 0".
  let expects: String
  let read: @Sendable (YamlNode) throws(Mismatch) -> Value
  /// YAML that reads back as the same value; nil for a value that means a missing key.
  let write: @Sendable (Value) -> String?
}

/// A value that is not allowed for its key.
struct Mismatch: Error {
  /// The value, or the wrong part of it.
  let node: YamlNode
  /// The allowed values.
  let expected: String
  /// What to do, where `expected` does not say enough.
  var advice: String?
}

extension ValueFormat where Value == String {
  /// A text of 1 to `limit` bytes, all of whose characters are valid.
  static func text(
    _ expects: String, limit: Int, isValid: @escaping @Sendable (Unicode.Scalar) -> Bool
  ) -> ValueFormat {
    ValueFormat(
      expects: expects,
      read: { node throws(Mismatch) in
        guard let text = node.scalar, !node.isNull, (1...limit).contains(text.utf8.count),
          text.unicodeScalars.allSatisfy(isValid)
        else { throw Mismatch(node: node, expected: expects) }
        return text
      },
      write: { YamlText.quoted($0) })
  }

  /// The name of a run or a split. It becomes part of file names.
  static let name = text("a name of 1 to 200 bytes, without '/' or control characters", limit: 200)
  {
    switch $0.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: false
    default: $0 != "/"
    }
  }

  /// A path. An empty one means a missing key.
  static let path: ValueFormat = {
    let format = text("a path of 1 to 4096 bytes", limit: 4096) { $0 != "\0" }
    return ValueFormat(
      expects: format.expects, read: format.read,
      write: { $0.isEmpty ? nil : format.write($0) })
  }()
}

extension ValueFormat where Value: FixedWidthInteger {
  /// A whole number in `range`, in decimal digits only.
  ///
  /// YAML readers disagree about `1_000`, `0x10`, `010` and `1e3`, and about whether `1.0` is a
  /// whole number.
  static func integer(_ range: ClosedRange<Value>) -> ValueFormat {
    let expects = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return ValueFormat(
      expects: expects,
      read: { node throws(Mismatch) in
        guard let text = node.plain, YamlNumber.isInteger(text) else {
          throw Mismatch(
            node: node, expected: expects, advice: YamlNumber.advice(node, isWhole: true))
        }
        guard let value = Value(text), range.contains(value) else {
          throw Mismatch(node: node, expected: expects)
        }
        return value
      },
      write: { "\($0)" })
  }
}

extension ValueFormat
where Value: BinaryFloatingPoint & LosslessStringConvertible & Sendable {
  /// A finite decimal number for which `isValid` is true. `expects` says which ones these are.
  static func number(
    _ expects: String = "a number", isValid: @escaping @Sendable (Value) -> Bool = { _ in true }
  ) -> ValueFormat {
    ValueFormat(
      expects: expects,
      read: { node throws(Mismatch) in
        guard let text = node.plain, YamlNumber.isNumber(text) else {
          throw Mismatch(
            node: node, expected: expects, advice: YamlNumber.advice(node, isWhole: false))
        }
        guard let value = Value(text), value.isFinite, isValid(value) else {
          throw Mismatch(node: node, expected: expects)
        }
        return value
      },
      write: { YamlText.number($0) })
  }
}

extension ValueFormat where Value == Bool {
  static let boolean = choice([("true", true), ("false", false)])
}

extension ValueFormat where Value: Equatable {
  /// One of several words, each of which stands for a value.
  static func choice(_ choices: [(name: String, value: Value)]) -> ValueFormat {
    let names = choices.map(\.name)
    let expects = names.count == 1 ? "'\(names[0])'" : "one of " + names.joined(separator: ", ")
    return ValueFormat(
      expects: expects,
      read: { node throws(Mismatch) in
        guard let choice = choices.first(where: { $0.name == node.plain }) else {
          throw Mismatch(node: node, expected: expects, advice: node.nearest(among: names))
        }
        return choice.value
      },
      write: { value in choices.first { $0.value == value }?.name })
  }

  /// This format, with `word` for the value `special`.
  func or(_ word: String, for special: Value) -> ValueFormat {
    let expects = "\(word) or \(expects)"
    return ValueFormat(
      expects: expects,
      read: { node throws(Mismatch) in
        if node.plain == word { return special }
        do throws(Mismatch) { return try read(node) } catch {
          let advice = node.nearest(among: [word]) ?? error.advice
          throw Mismatch(node: error.node, expected: expects, advice: advice)
        }
      },
      write: { $0 == special ? word : write($0) })
  }
}

extension ValueFormat {
  /// This format, with `advice` for those who write a word that it once had.
  func without(_ word: String, _ advice: String) -> ValueFormat {
    ValueFormat(
      expects: expects,
      read: { node throws(Mismatch) in
        if node.plain == word { throw Mismatch(node: node, expected: expects, advice: advice) }
        return try read(node)
      },
      write: write)
  }

  /// The same texts for values of another type.
  func map<Other>(
    _ wrap: @escaping @Sendable (Value) -> Other,
    unwrap: @escaping @Sendable (Other) -> Value?
  ) -> ValueFormat<Other> {
    ValueFormat<Other>(
      expects: expects,
      read: { node throws(Mismatch) in wrap(try read(node)) },
      write: { unwrap($0).flatMap(write) })
  }

  /// A list of at most `limit` values.
  static func list<Element>(
    of element: ValueFormat<Element>, limit: Int
  ) -> ValueFormat where Value == [Element] {
    let expects = "a list of at most \(limit), each \(element.expects)"
    return ValueFormat(
      expects: expects,
      read: { node throws(Mismatch) in
        guard case .list(let items) = node.content else {
          throw Mismatch(node: node, expected: expects, advice: "write a list as [128, 64]")
        }
        guard items.count <= limit else { throw Mismatch(node: node, expected: expects) }
        var values: [Element] = []
        for item in items { values.append(try element.read(item)) }
        return values
      },
      write: { values in "[" + values.compactMap(element.write).joined(separator: ", ") + "]" })
  }

  /// A value, or nil for a missing key.
  static func optional<Wrapped>(
    _ wrapped: ValueFormat<Wrapped>
  ) -> ValueFormat where Value == Wrapped? {
    wrapped.map({ $0 }, unwrap: { $0 })
  }

  /// A value, or nil written as `null`.
  static func orNull<Wrapped>(
    _ wrapped: ValueFormat<Wrapped>, meaning: String
  ) -> ValueFormat where Value == Wrapped? {
    let expects = "\(wrapped.expects), or null for \(meaning)"
    return ValueFormat(
      expects: expects,
      read: { node throws(Mismatch) in
        if node.isNull { return nil }
        do throws(Mismatch) { return try wrapped.read(node) } catch {
          throw Mismatch(node: error.node, expected: expects, advice: error.advice)
        }
      },
      write: { value in value.map(wrapped.write) ?? "null" })
  }
}

extension YamlNode {
  /// A hint such as "did you mean" for a word that is not in `names`; nil where no name is similar.
  func nearest(among names: [String]) -> String? {
    guard let scalar, let name = Spelling.nearest(to: scalar, among: names) else { return nil }
    return scalar == name ? "write it without quotes" : "did you mean '\(name)'?"
  }
}
