import Foundation

/// A job of `Tests/Goldens/training.py`, with PyTorch's rate in every step and its learning curve.
public struct TrainingGolden: CustomStringConvertible, Sendable {
  /// The job file, without its dataset's path.
  public let yaml: String
  /// The learning rate of each step.
  public let rates: [Double]
  /// Each epoch's numbers, by the names of `metrics.jsonl`.
  public let epochs: [[String: Double]]
  /// How far PyTorch's own curves of several thread counts are apart, by epoch.
  public let spread: [Double]
  /// Whether the training sample of row i weighs (7 i mod 5) / 2.
  public let hasSampleWeights: Bool
  /// The job's name.
  public let description: String

  /// Those of datasets as they are; none where the file cannot be read.
  public static let all = read.filter { !$0.hasSampleWeights }

  /// Those of samples with weights.
  public static let weighted = read.filter(\.hasSampleWeights)

  private static let read: [TrainingGolden] = {
    let file = Repository.goldens.appendingPathComponent("training.json")
    guard let data = try? Data(contentsOf: file),
      let whole = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let cases = whole["cases"] as? [[String: Any]]
    else { return [] }
    return cases.compactMap { golden in
      guard var job = golden["job"] as? [String: Any], let name = job.removeValue(forKey: "name"),
        let rates = golden["rates"] as? [Double], let spread = golden["spread"] as? [Double],
        let epochs = golden["epochs"] as? [[String: Double]]
      else { return nil }
      return TrainingGolden(
        yaml: flow(job), rates: rates, epochs: epochs, spread: spread,
        hasSampleWeights: golden["sampleWeights"] != nil, description: "\(name)")
    }
  }()

  /// JSON's values as a job file has them: words without quotes. JSONSerialization gives a Bool as
  /// a number, and `nesterov: 1` is no word of a job file.
  private static func flow(_ value: Any) -> String {
    switch value {
    case let map as [String: Any]:
      "{"
        + map.map { "\($0): \($0 == "nesterov" ? "true" : flow($1))" }.sorted().joined(
          separator: ", ") + "}"
    case let list as [Any]: "[" + list.map(flow).joined(separator: ", ") + "]"
    default: "\(value)"
    }
  }
}
