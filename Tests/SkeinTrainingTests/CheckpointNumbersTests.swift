import Foundation
import SkeinData
import SkeinFiles
import Testing

@testable import SkeinRun
@testable import SkeinSafetensors

/// Checkpoints with a good seal and numbers that no run has: refused, or gone on from, and never a
/// trap.
@Suite struct CheckpointNumbersTests {
  private static let texts = [
    "0", "1", "-1", "2147483648", "9007199254740991", "9007199254740992", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "1e300", "0.5", "nan", "inf", "-inf", "", "x",
  ]

  /// Reads `stored` as a sealed file; where that is a checkpoint, trains on from it.
  private func goOn(from stored: Safetensors, _ split: Split, _ change: String) throws -> Bool {
    do {
      let checkpoint = try Checkpoint(
        decoding: stored.encodeSealed(), file: "f", network: SmallRun.network)
      let trainer = SmallRun.makeTrainer(split, epochs: 3)
      trainer.restore(checkpoint.state)
      let done = try trainer.run()
      #expect(done, "\(change)")
      return true
    } catch let error as FormatError {
      #expect(error.what.contains("metadata") || error.what.contains("generator"), "\(change)")
      return false
    }
  }

  @Test func anyNumberIsGoneOnFromOrRefused() throws {
    let split = makeSplit(50)
    let run = try SmallRun()
    try run.train(split, epochs: 2)
    let bytes = try Array(run.bytes(run.folder.last))
    let sound = try Safetensors.decode(bytes, file: "f")
    #expect(try goOn(from: sound, split, "sound"))
    var counts = (read: 0, refused: 0)
    for key in sound.metadata.keys.sorted() where key != Safetensors.sealKey {
      for text in Self.texts.map(Optional.some) + [nil] {
        var mutant = sound
        mutant.metadata[key] = text
        let isRead = try goOn(from: mutant, split, "\(key): \(text ?? "none")")
        if isRead { counts.read += 1 } else { counts.refused += 1 }
        let isNeeded =
          !key.hasPrefix("best") && !key.hasSuffix("sha256") && key != "kernels"
        #expect(!isRead || text != nil || !isNeeded, "\(key) is needed")
      }
    }
    // In mid-epoch, and further in it than there are batches.
    for (batch, batches, samples) in [
      ("3", "7", "24"), ("3", "7", "25"), ("9", "7", "24"), ("8", "8", "50"),
      ("9007199254740991", "9007199254740991", "9007199254740991"),
    ] {
      var mutant = sound
      mutant.metadata["epoch"] = "1"
      mutant.metadata["batch"] = batch
      mutant.metadata["batches"] = batches
      mutant.metadata["epoch.samples"] = samples
      _ = try goOn(from: mutant, split, "batch \(batch) of \(batches)")
    }
    #expect(counts.read > 50 && counts.refused > 50, "\(counts)")
  }
}
