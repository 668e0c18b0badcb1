import SkeinFiles

/// What a checkpoint's first bytes say, without reading its tensors: which step of which job it is.
struct CheckpointLabel: Equatable {
  let epoch: Int
  let step: Int
  /// The SHA-256 of its job and its dataset.
  let job: String
  let dataset: String

  /// The metadata comes first in the file, and has less than 2 KiB.
  private static let length = 4096

  /// Reads the label of `file`; nil for what is no checkpoint, or one that is damaged here.
  init?(_ file: String) {
    guard let bytes = try? WholeFile.prefix(file, Self.length) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    func value(_ key: String) -> String? {
      guard let start = text.range(of: "\"\(key)\":\"") else { return nil }
      return String(text[start.upperBound...].prefix { $0 != "\"" })
    }
    guard value("format") == Checkpoint.format, let epoch = value("epoch").flatMap(Int.init),
      let step = value("step").flatMap(Int.init), let job = value("job.sha256"),
      let dataset = value("dataset.sha256")
    else { return nil }
    (self.epoch, self.step, self.job, self.dataset) = (epoch, step, job, dataset)
  }
}
