import SkeinConfig
import SkeinData
import SkeinFiles
import SkeinRun

/// The output of `skein check`: a summary of the training, the layers, the memory, and all keys,
/// grouped by where their values come from.
struct CheckText {
  let loaded: LoadedJob
  let prepared: PreparedJob
  /// A warning about the scale of the samples; nil for none.
  let scaleHint: String?

  /// The text in lines of at most `width` columns.
  func text(width: Int) -> String {
    (summary + [""] + layers + [""] + memory(width) + keys(width))
      .joined(separator: "\n").wrapped(to: width)
  }

  private var summary: [String] {
    let network = prepared.network
    let widths = network.widths.map(String.init).joined(separator: "-")
    let manifest = prepared.dataset.manifest
    let parameters = counted(network.layout.parameterCount, "parameter")
    let memory = size(prepared.memoryPlan.total)
    let lines: [String?] = [
      "\(prepared.job.name.printable()): \(widths), \(parameters)",
      "\(prepared.sampleCounts); \(memory) of memory",
      manifest.features.map(Self.columns),
      "batch shards: \(batchShards); \(counted(prepared.threads, "thread"))",
      prepared.idleThreadsHint, prepared.idleCoresHint, scaleHint.map { "warning: \($0)" },
      prepared.quantitiesHint, prepared.lossHint,
    ]
    return lines.compactMap(\.self)
  }

  /// What the table's columns are: `7 columns of a table: 4 numbers, 3 categories with 10 levels`.
  private static func columns(_ features: [Feature]) -> String {
    let numbers = features.filter { $0.kind == .number }.count
    let categories = features.count - numbers
    let levels = features.reduce(0) { $0 + ($1.levels?.count ?? 0) }
    let missing = features.filter(\.hasMissing).count
    let parts =
      (numbers > 0 ? [counted(numbers, "number")] : [])
      + (categories > 0
        ? [counted(categories, "category", "categories") + " with \(counted(levels, "level"))"]
        : [])
      + (missing > 0 ? ["\(missing) with an element for missing values"] : [])
    return "\(counted(features.count, "column")) of a table: " + parts.joined(separator: ", ")
  }

  /// How a batch is cut, such as "4, of 16 samples" or "5, of 3 × 13, 2 × 12 samples".
  private var batchShards: String {
    let batch = prepared.largestBatch
    var runs: [(size: Int, count: Int)] = []
    for shard in 0..<prepared.shards.count(of: batch) {
      let size = prepared.shards.range(shard, of: batch).count
      if let last = runs.indices.last, runs[last].size == size {
        runs[last].count += 1
      } else {
        runs.append((size, 1))
      }
    }
    let sizes = runs.map { runs.count > 1 ? "\($0.count) × \($0.size)" : "\($0.size)" }
    let isOne = runs.count == 1 && runs[0].size == 1
    return "\(prepared.shards.count(of: batch)), of \(sizes.joined(separator: ", ")) "
      + (isOne ? "sample" : "samples")
  }

  private var layers: [String] {
    let entries = prepared.network.layout.entries
    let longest = entries.map(\.name.count).max() ?? 0
    return ["layers"] + entries.map { "  \($0.name.fitted(to: longest))  \($0.shape)" }
  }

  /// The names and sizes of the memory's parts, in columns where those fit.
  private func memory(_ width: Int) -> [String] {
    let parts = prepared.memoryPlan.parts.filter { $0.bytes > 0 }
    let longest = parts.map(\.name.columns).max() ?? 0
    let sizes = parts.map { size($0.bytes) }
    let widest = sizes.map(\.count).max() ?? 0
    guard 2 + longest + 2 + widest <= width else {
      return ["memory"] + zip(parts, sizes).map { part, size in "  \(part.name): \(size)" }
    }
    return ["memory"]
      + zip(parts, sizes).map { part, size in
        "  \(part.name.fitted(to: longest))  "
          + String(repeating: " ", count: widest - size.count) + size
      }
  }

  /// The keys that are set on the command line, then those of the file, then those with defaults.
  /// They stand in columns where those fit.
  private func keys(_ width: Int) -> [String] {
    let listing = loaded.listing(of: prepared.job)
    let longest = listing.map(\.key.count).max() ?? 0
    let values = min(32, listing.map { $0.value.printable().columns }.max() ?? 0)
    let isAligned = 2 + longest + 2 + values + 10 <= width
    func lines(_ title: String, _ origin: (LoadedJob.Origin) -> String?) -> [String] {
      let found = listing.compactMap { entry in
        origin(entry.origin).map { note in
          let value = entry.value.printable(limit: 4096)
          guard isAligned else {
            return "  \(entry.key): \(value)" + (note.isEmpty ? "" : " (\(note))")
          }
          let shown = note.isEmpty || value.columns > values ? value : value.fitted(to: values)
          return "  \(entry.key.fitted(to: longest))  \(shown)" + (note.isEmpty ? "" : "  \(note)")
        }
      }
      return found.isEmpty ? [] : ["", title] + found
    }
    return lines("set on the command line") {
      if case .setting(let text) = $0 { "--set \(text.printable())" } else { nil }
    }
      + lines("from \(loaded.path.printable())") {
        if case .file(let line) = $0 { "line \(line)" } else { nil }
      } + lines("defaults") { $0 == .default ? "" : nil }
  }

  private func size(_ bytes: Double) -> String { binarySize(bytes, decimals: 2) }
}
