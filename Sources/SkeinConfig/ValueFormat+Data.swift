import SkeinData

extension ValueFormat where Value == SyntheticDataset? {
  /// A mapping such as `{shape: [28, 28], classes: 10, samples: 60000}`, or null for samples from
  /// `data.path`.
  static var synthetic: ValueFormat {
    let expects =
      "{shape: [28, 28], classes: 10, samples: 60000} with other numbers if wanted, "
      + "or null for samples from data.path"
    let keys = ["shape", "classes", "samples"]
    return ValueFormat(
      expects: expects,
      read: { node throws(Mismatch) in
        if node.isNull { return nil }
        guard case .mapping(let entries) = node.content else {
          throw Mismatch(node: node, expected: expects)
        }
        for entry in entries where !(entry.key.plain.map(keys.contains) ?? false) {
          throw Mismatch(node: entry.key, expected: expects, advice: entry.key.nearest(among: keys))
        }
        func value(_ name: String) throws(Mismatch) -> YamlNode {
          let found = entries.filter { $0.key.plain == name }
          guard found.count == 1 else { throw Mismatch(node: node, expected: expects) }
          return found[0].value
        }
        let shapeNode = try value("shape")
        let shape = try ValueFormat<[Int]>.list(of: .integer(1...1_000_000), limit: 8)
          .read(shapeNode)
        // The product stops growing above the limit: that of eight such numbers does not fit an
        // Int.
        let size = shape.reduce(1) { min($0 * $1, 1_000_001) }
        guard !shape.isEmpty, size <= 1_000_000 else {
          throw Mismatch(
            node: shapeNode, expected: "1 to 8 dimensions and at most 1000000 elements of a sample")
        }
        return SyntheticDataset(
          shape: shape,
          classCount: try ValueFormat<Int>.integer(1...32_768).read(try value("classes")),
          sampleCount: try ValueFormat<Int>.integer(1...1_000_000_000).read(try value("samples")))
      },
      write: { synthetic in
        synthetic.map {
          "{shape: [\($0.shape.map(String.init).joined(separator: ", "))], "
            + "classes: \($0.classCount), samples: \($0.sampleCount)}"
        }
      })
  }
}
