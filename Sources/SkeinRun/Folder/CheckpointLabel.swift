import SkeinFiles

/// The step and the job of a checkpoint. They stand in the file's first bytes, so its tensors are
/// not read.
struct CheckpointLabel: Equatable {
  /// How many epochs were complete.
  let epoch: Int
  /// Steps since the run began.
  let step: Int
  /// The SHA-256 of the job, in hexadecimal.
  let job: String
  /// The SHA-256 of the dataset, in hexadecimal.
  let dataset: String

  /// How many bytes are read. The metadata comes first in the file, and takes less than 2 KiB.
  private static let length = 4096

  /// Reads the label of `file`; nil where its first bytes are not those of a checkpoint.
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
