import SkeinModel

extension ValueFormat where Value == LossOptions {
  /// The name of a loss, or a mapping such as `{kind: crossEntropy, labelSmoothing: 0.1}`.
  static var loss: ValueFormat {
    let names = Loss.allCases.map(\.rawValue)
    let expects =
      "one of " + names.joined(separator: ", ")
      + ", or {kind: crossEntropy, labelSmoothing: 0.1, classWeights: balanced}"
    let keys = ["kind", "labelSmoothing", "classWeights"]
    let kind = ValueFormat<Loss>.choice(Loss.allCases.map { ($0.rawValue, $0) })
    return ValueFormat(
      expects: expects,
      read: { node throws(Mismatch) in
        guard case .mapping(let entries) = node.content else {
          do throws(Mismatch) { return LossOptions(try kind.read(node)) } catch {
            throw Mismatch(node: node, expected: expects, advice: error.advice)
          }
        }
        var (options, seen) = (LossOptions(.crossEntropy), Set<String>())
        for entry in entries {
          guard let key = entry.key.plain, keys.contains(key), seen.insert(key).inserted else {
            throw Mismatch(
              node: entry.key, expected: expects, advice: entry.key.nearest(among: keys))
          }
          switch key {
          case "kind": options.kind = try kind.read(entry.value)
          case "labelSmoothing":
            options.labelSmoothing = try ValueFormat<Float>.share.read(entry.value)
          default:
            options.classWeights = try ValueFormat<LossOptions.ClassWeights>.classWeights
              .read(entry.value)
          }
        }
        guard seen.contains("kind") else {
          throw Mismatch(
            node: node, expected: expects, advice: "write kind: and the name of the loss")
        }
        return options
      },
      write: { options in
        let smoothing =
          options.labelSmoothing == 0
          ? nil : "labelSmoothing: \(YamlText.number(options.labelSmoothing))"
        let weights = options.classWeights.flatMap(
          ValueFormat<LossOptions.ClassWeights>.classWeights.write
        ).map { "classWeights: " + $0 }
        let more = [smoothing, weights].compactMap(\.self)
        let kind = options.kind.rawValue
        return more.isEmpty
          ? kind : "{" + (["kind: \(kind)"] + more).joined(separator: ", ") + "}"
      })
  }
}

extension ValueFormat where Value == LossOptions.ClassWeights {
  /// `balanced`, a list of numbers, or a mapping from names of classes to numbers.
  fileprivate static var classWeights: ValueFormat {
    let expects =
      "balanced, a list such as [1, 2.5] with a number ≥ 0 for each class, or {name: 2.5} with "
      + "those of some classes"
    let weight = ValueFormat<Float>.number("a number ≥ 0") { $0 >= 0 }
    let list = ValueFormat<[Float]>.list(of: weight, limit: 32_768)
    return ValueFormat(
      expects: expects,
      read: { node throws(Mismatch) in
        switch node.content {
        case .list(let items) where !items.isEmpty: return .each(try list.read(node))
        case .mapping(let entries) where !entries.isEmpty:
          var weights: [String: Float] = [:]
          for entry in entries {
            guard let name = entry.key.scalar else {
              throw Mismatch(node: entry.key, expected: "the name of a class")
            }
            guard weights[name] == nil else {
              throw Mismatch(node: entry.key, expected: "classes that differ")
            }
            weights[name] = try weight.read(entry.value)
          }
          return .named(weights)
        default:
          if node.plain == "balanced" { return .balanced }
          throw Mismatch(node: node, expected: expects, advice: node.nearest(among: ["balanced"]))
        }
      },
      write: { weights in
        switch weights {
        case .balanced: "balanced"
        case .each(let weights): list.write(weights)
        case .named(let weights):
          "{"
            + weights.sorted { $0.key < $1.key }
            .map { "\(YamlText.quoted($0.key)): \(YamlText.number($0.value))" }
            .joined(separator: ", ") + "}"
        }
      })
  }
}
