import SkeinFiles
import SkeinRun

extension PreparedJob {
  /// How many samples each use has: `3600 train samples, 400 for validation, 1000 test samples`.
  var sampleCounts: String {
    let tested = job.data.test.flatMap { dataset.manifest.count(of: $0) }
    return counted(trainedSamples, "train sample")
      + (holdout.map { ", \($0.validation.count) for validation" } ?? "")
      + (tested.map { ", " + counted($0, "test sample") } ?? "")
  }
}
