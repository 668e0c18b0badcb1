import Foundation
import Testing

/// What a user may have meant otherwise is told before training, and nothing where all is well.
@Suite struct HintTests {
  private func expect(_ text: String, holds hint: String, _ isWanted: Bool) {
    #expect(text.contains(hint) == isWanted, "\(hint): \(text)")
  }

  @Test func regressionInDisguiseIsTold() throws {
    let quantities = "these labels look like quantities"
    let loss = "the network learns classes, not quantities"
    try Command.withFolder { folder in
      let (images, labels, data) = (folder + "/x.idx", folder + "/y.idx", folder + "/data")
      try Data([0, 0, 8, 2, 0, 0, 0, 40, 0, 0, 0, 1] + (0..<40).map { UInt8($0) }).write(
        to: URL(fileURLWithPath: images))
      try Data([0, 0, 8, 1, 0, 0, 0, 40] + (0..<40).map { UInt8(3 * $0) }).write(
        to: URL(fileURLWithPath: labels))
      let packed = try Command.skein("data", "pack", data, "--images", images, "--labels", labels)
      #expect(packed.code == 0)
      expect(packed.errors, holds: quantities, true)
      let checked = try Command.skein(
        "check", "Configs/lines.yaml", "--set", "data.path=\(data)", "--set", "data.test=null")
      #expect(checked.code == 0)
      expect(checked.words, holds: "118 classes for 40 samples, less than 10 each: ", true)
      expect(checked.words, holds: quantities, true)
      expect(checked.words, holds: loss, false)
    }
    let squared = try Command.skein(
      "check", "Configs/digits.yaml", "--set", "loss=meanSquaredError")
    expect(squared.words, holds: loss, true)
    expect(squared.words, holds: quantities, false)
    let plain = try Command.skein("check", "Configs/digits.yaml")
    expect(plain.words, holds: loss, false)
    // Synthetic samples have as many classes as the job says, and nobody packed them.
    let drawn = try Command.skein(
      "check", "Configs/bench/tiny.yaml", "--set",
      "data.synthetic={shape: [4], classes: 100, samples: 100}")
    #expect(drawn.code == 0, "\(drawn.errors)")
    expect(drawn.words, holds: quantities, false)
  }
}
