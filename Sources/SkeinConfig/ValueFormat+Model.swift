import SkeinModel
import SkeinTraining
import SkeinWorkers

extension ValueFormat where Value == Activation {
  /// The name of an activation, or `{name: constant}` for the two that take a constant.
  static var activation: ValueFormat {
    let names = Activation.all.map(\.name)
    let expects =
      "one of " + names.filter { $0 != Activation.binaryStep.name }.joined(separator: ", ")
      + ", {leakyRelu: slope}, {elu: alpha}"
    return ValueFormat(
      expects: expects,
      read: { node throws(Mismatch) in
        if let (name, argument) = node.call {
          let constant = ValueFormat<Float>.number("a finite constant")
          switch name.plain {
          case "leakyRelu": return .leakyRelu(slope: try constant.read(argument))
          case "elu": return .elu(alpha: try constant.read(argument))
          default:
            let advice =
              name.plain.map(names.contains) == true
              ? "\(name.plain ?? "") takes no constant" : name.nearest(among: ["leakyRelu", "elu"])
            throw Mismatch(node: name, expected: expects, advice: advice)
          }
        }
        guard let activation = Activation.all.first(where: { $0.name == node.plain }) else {
          throw Mismatch(node: node, expected: expects, advice: node.nearest(among: names))
        }
        guard activation.isTrainable else {
          throw Mismatch(node: node, expected: expects, advice: "nothing learns through it")
        }
        return activation
      },
      write: { activation in
        switch activation {
        case .leakyRelu(let slope): "{leakyRelu: \(YamlText.number(slope))}"
        case .elu(let alpha): "{elu: \(YamlText.number(alpha))}"
        default: activation.name
        }
      })
  }
}

extension ValueFormat where Value == Initializer {
  /// The name of an initializer, or `{uniform: [lower, upper]}` or `{normal: [mean, deviation]}`.
  static var initializer: ValueFormat {
    let named: [Initializer] = [.he, .xavier, .normalizedXavier, .zeros, .lecture]
    let expects =
      "one of " + named.map(\.name).joined(separator: ", ")
      + ", {uniform: [lower, upper]}, {normal: [mean, deviation]}"
    return ValueFormat(
      expects: expects,
      read: { node throws(Mismatch) in
        if let (name, argument) = node.call {
          switch name.plain {
          case "uniform":
            let (lower, upper) = try argument.pair("lower", "upper")
            guard lower < upper, (upper - lower).isFinite else {
              throw Mismatch(node: argument, expected: "[lower, upper] with lower < upper")
            }
            return .uniform(lower, upper)
          case "normal":
            let (mean, deviation) = try argument.pair("mean", "deviation")
            guard deviation >= 0 else {
              throw Mismatch(node: argument, expected: "[mean, deviation] with deviation ≥ 0")
            }
            return .normal(mean: mean, deviation: deviation)
          default:
            let advice =
              named.contains { $0.name == name.plain }
              ? "\(name.plain ?? "") takes no numbers" : name.nearest(among: ["uniform", "normal"])
            throw Mismatch(node: name, expected: expects, advice: advice)
          }
        }
        guard let initializer = named.first(where: { $0.name == node.plain }) else {
          let advice =
            node.plain == "normal"
            ? "write {normal: [mean, deviation]}" : node.nearest(among: named.map(\.name))
          throw Mismatch(node: node, expected: expects, advice: advice)
        }
        return initializer
      },
      write: { initializer in
        switch initializer {
        case .uniform(let a, let b): "{uniform: [\(YamlText.number(a)), \(YamlText.number(b))]}"
        case .normal(let mean, let deviation):
          "{normal: [\(YamlText.number(mean)), \(YamlText.number(deviation))]}"
        default: initializer.name
        }
      })
  }
}

extension ValueFormat where Value == ParallelOptions.Threads {
  /// A number of threads, or `auto`.
  static var threads: ValueFormat {
    ValueFormat<Int>.integer(1...DispatchScheduler.maximumThreads)
      .map({ .count($0) }, unwrap: { if case .count(let count) = $0 { count } else { nil } })
      .or("auto", for: .auto)
  }
}

extension ValueFormat where Value == ParallelOptions.BatchShards {
  /// A number of batch shards, or `auto`.
  static var batchShards: ValueFormat {
    ValueFormat<Int>.integer(1...4096)
      .map({ .count($0) }, unwrap: { if case .count(let count) = $0 { count } else { nil } })
      .or("auto", for: .auto)
      .without(
        "perThread",
        "perThread is gone: all threads share each batch now, however it is cut, and the bits are "
          + "the same for any number of them; leave the key out")
  }
}

extension ValueFormat where Value == Pinning {
  /// A list of PUs such as `[0, 2]`, or `none` or `auto`.
  static var pinning: ValueFormat {
    let units = ValueFormat<[Int]>.list(
      of: .integer(0...Pinning.largestUnit), limit: DispatchScheduler.maximumThreads)
    let expects = "a list of different PUs, such as [0, 2]"
    return ValueFormat<[Int]>(
      expects: expects,
      read: { node throws(Mismatch) in
        guard case .list = node.content else { throw Mismatch(node: node, expected: expects) }
        let list = try units.read(node)
        guard !list.isEmpty, Set(list).count == list.count else {
          throw Mismatch(node: node, expected: expects)
        }
        return list
      },
      write: units.write
    )
    .map({ .list($0) }, unwrap: { if case .list(let list) = $0 { list } else { nil } })
    .or("none", for: .none)
    .or("auto", for: .auto)
  }
}

extension YamlNode {
  /// The name and the argument in `{name: argument}`.
  fileprivate var call: (name: YamlNode, argument: YamlNode)? {
    guard case .mapping(let entries) = content, entries.count == 1 else { return nil }
    return (entries[0].key, entries[0].value)
  }

  /// The two numbers of `[a, b]`.
  fileprivate func pair(_ first: String, _ second: String) throws(Mismatch) -> (Float, Float) {
    guard case .list(let items) = content, items.count == 2 else {
      throw Mismatch(node: self, expected: "[\(first), \(second)]")
    }
    let number = ValueFormat<Float>.number("a finite number")
    return (try number.read(items[0]), try number.read(items[1]))
  }
}
