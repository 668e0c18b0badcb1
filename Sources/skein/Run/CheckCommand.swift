import ArgumentParser
import SkeinConfig
import SkeinData

/// `skein check JOB`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Show what a job file means, without training.",
    discussion: """
      Prints every key with its value and where the value comes from, the model's parameters, the \
      memory that training takes, and how batches are cut.

      Example:
        skein check Configs/digits.yaml --set model.hidden=[32,16]

      \(Job.help)
      """)

  @OptionGroup var options: JobOptions

  func run() throws {
    let (loaded, prepared) = try options.prepare()
    let listing = loaded.listing
    let keys = listing.map(\.key.count).max() ?? 0
    let values = min(40, listing.map { $0.value.printable().count }.max() ?? 0)
    for entry in listing {
      let origin =
        switch entry.origin {
        case .default: "default"
        case .file(let line): "\(loaded.path.printable()):\(line)"
        case .setting(let text): "--set \(text.printable())"
        }
      print(
        padded(entry.key, keys), padded(entry.value.printable(), values), origin, separator: "  ")
    }
    let architecture = prepared.architecture
    print("\nmodel: \(architecture.widths.map(String.init).joined(separator: "-"))")
    for entry in architecture.layout.entries { print("  \(entry.name) \(entry.shape)") }
    print("  \(architecture.layout.parameterCount) parameters")
    print("memory:")
    for part in prepared.memoryPlan.parts where part.bytes > 0 {
      print("  \(padded(part.name, 30)) \(number(part.bytes / 1_048_576, 2)) MiB")
    }
    let batch = prepared.job.training.batchSize
    let sizes = (0..<prepared.shards.count(of: batch)).map {
      String(prepared.shards.range($0, of: batch).count)
    }
    print(
      "batch shards: \(prepared.shards.count), of \(sizes.joined(separator: ", ")) samples; "
        + "\(prepared.threads) threads")
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
