import Foundation
import Testing

/// Regression from arrays to pictures, as a reader types it.
@Suite struct RegressionCommandTests {
  private static func write(_ bytes: [UInt8], _ path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  private static func idx(_ type: UInt8, _ shape: [Int], _ bytes: [UInt8]) -> [UInt8] {
    [0, 0, type, UInt8(shape.count)]
      + shape.flatMap {
        [UInt8($0 >> 24), UInt8($0 >> 16 & 255), UInt8($0 >> 8 & 255), UInt8($0 & 255)]
      }
      + bytes
  }

  private static func floats(_ values: [Float]) -> [UInt8] {
    values.flatMap { value in withUnsafeBytes(of: value.bitPattern.bigEndian) { Array($0) } }
  }

  /// `count` samples of 4 bytes, with a price and an age that follow from them.
  private static func make(_ count: Int, from seed: Int, _ folder: String, _ name: String) throws {
    var (samples, values): ([UInt8], [Float]) = ([], [])
    for row in 0..<count {
      let sample = (0..<4).map { UInt8((seed + row * 37 + $0 * $0 * 91 + row * $0 * 13) % 256) }
      samples += sample
      values += [
        200_000 + 700 * Float(sample[0]) - 300 * Float(sample[2]), 40.5 + Float(sample[1]) / 8,
      ]
    }
    try write(idx(8, [count, 4], samples), "\(folder)/\(name)-x")
    try write(idx(0x0D, [count, 2], floats(values)), "\(folder)/\(name)-y")
  }

  private static let job = """
    seed: 3
    data: {path: houses, scale: 255}
    model: {hidden: [16]}
    optimizer: {learningRate: 0.05}
    training: {epochs: 8, batchSize: 16}
    """

  @discardableResult
  private static func expect(
    _ code: Int32, _ arguments: String..., says parts: [String] = []
  ) throws -> Outcome {
    let outcome = try Command.run(arguments)
    #expect(outcome.code == code, "\(arguments): \(outcome.errors)")
    let text = (outcome.words + outcome.errors).split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
    for part in parts { #expect(text.contains(part), "\(part) is not in: \(text)") }
    return outcome
  }

  private static func pack(_ folder: String) throws {
    for (split, count) in [("train", 300), ("test", 60)] {
      try make(count, from: split == "test" ? 5 : 0, folder, split)
      try expect(
        0, "data", "pack", "\(folder)/houses", "--images", "\(folder)/\(split)-x", "--labels",
        "\(folder)/\(split)-y", "--split", split, "--target-names", "price,age",
        says: ["2 values (price, age), standardised"])
    }
    try job.write(toFile: "\(folder)/job.yaml", atomically: true, encoding: .utf8)
  }

  @Test func fromArraysToPictures() throws {
    try Command.withFolder { folder in
      try Self.pack(folder)
      let (job, run) = ("\(folder)/job.yaml", "\(folder)/run")
      try Self.expect(0, "data", "inspect", "\(folder)/houses", says: ["targets price (mean"])
      try Self.expect(0, "data", "verify", "\(folder)/houses")
      try Self.expect(0, "data", "show", "\(folder)/houses", "--count", "2", says: ["0: "])
      try Self.expect(
        0, "check", job,
        says: ["targets are 2 values: price, age", "loss meanSquaredError", "chosen by testLoss"])
      try Self.expect(
        0, "train", job, "--run", run,
        says: ["error ", "mean absolute error on held-out samples", "test error"])
      let text = try Self.expect(0, "evaluate", run, says: ["root mean squared error", "R²"])
      #expect(text.output.contains("price") && text.output.contains("age"))

      struct Report: Decodable {
        struct Row: Decodable {
          let name: String
          let error, rmse: Double
          let r2: Double?
        }
        let samples: Int
        let loss, error, rmse: Double
        let r2: Double?
        let outputs: [Row]
      }
      let json = try Self.expect(0, "evaluate", run, "--json")
      let report = try JSONDecoder().decode(Report.self, from: Data(json.output.utf8))
      #expect(report.samples == 60 && report.outputs.map(\.name) == ["price", "age"])
      #expect(report.outputs.allSatisfy { ($0.r2 ?? 0) > 0.8 && $0.error > 0 }, "\(report)")
      #expect(report.outputs[0].error < 20_000 && report.outputs[1].error < 5)

      struct Row: Decodable {
        let sample: Int
        let values: [String: Double]
      }
      // The dataset is gone: a run needs no more of it.
      try FileManager.default.removeItem(atPath: "\(folder)/houses")
      let predicted = try Self.expect(0, "predict", run, "\(folder)/test-x", "--json")
      let rows = try JSONDecoder().decode([Row].self, from: Data(predicted.output.utf8))
      #expect(rows.count == 60 && rows[0].values.keys.sorted() == ["age", "price"])
      #expect(rows.allSatisfy { (50_000...500_000).contains($0.values["price"] ?? 0) })
      #expect(!predicted.output.contains("class"))
      try Self.expect(0, "predict", run, "\(folder)/test-x", says: [" 0 price "])

      for picture in ["curves", "network", "weights", "hidden", "predicted", "mistakes", "norms"] {
        let drawn = try Self.expect(0, "plot", picture, run)
        #expect(drawn.output.hasPrefix("<svg") || drawn.output.hasPrefix("<?xml"), "\(picture)")
      }
      try Self.expect(0, "plot", "compare", run, run, says: ["mean absolute error"])
      try Self.expect(2, "plot", "confusion", run, says: ["tells values", "plot predicted"])
      try Self.expect(0, "report", run)
    }
  }

  @Test func theHashDependsOnNoThreadsAndNoInstructions() throws {
    try Command.withFolder { folder in
      try Self.pack(folder)
      for loss in ["meanSquaredError", "meanAbsoluteError", "huber"] {
        try Self.expect(
          0, "verify", "\(folder)/job.yaml", "--threads", "1,2,3,8", "--instructions",
          "avx512,avx2,baseline", "--set", "loss=\(loss)", "--set", "model.hidden=[192,96]",
          "--set", "training.batchSize=77", "--set", "training.epochs=2")
      }
    }
  }

  @Test func jobsThatDoNotFitSayWhatToWrite() throws {
    try Command.withFolder { folder in
      try Self.pack(folder)
      let job = "\(folder)/job.yaml"
      try Self.expect(
        2, "check", job, "--set", "loss=crossEntropy",
        says: ["crossEntropy is for classes", "meanSquaredError, meanAbsoluteError or huber"])
      try Self.expect(
        2, "train", job, "--set", "checkpoint.best=trainAccuracy", "--run", "\(folder)/run",
        says: ["checkpoint.best", "testLoss or trainLoss"])
      try Self.expect(
        2, "check", "Configs/lines.yaml", "--set", "loss=huber",
        says: ["huber is for values", "--regression"])
      try Self.expect(
        0, "check", "Configs/lines.yaml", "--set", "loss=meanSquaredError", says: ["one-hot"])
      try Self.expect(2, "check", job, "--set", "loss=hubr", says: ["huber"])
    }
  }

  @Test func packingSaysWhatItTakesTargetsFor() throws {
    try Command.withFolder { folder in
      try Self.make(30, from: 0, folder, "train")
      let whole = (0..<30).map { UInt8($0 % 7) }
      try Self.write(Self.idx(8, [30], whole), "\(folder)/whole")
      try Self.write(Self.idx(8, [30], [UInt8](repeating: 4, count: 30)), "\(folder)/same")
      func pack(_ out: String, _ labels: String, _ more: String...) throws -> Outcome {
        try Command.run(
          [
            "data", "pack", "\(folder)/\(out)", "--images", "\(folder)/train-x", "--labels",
            "\(folder)/\(labels)",
          ] + more)
      }
      #expect(try pack("a", "train-y").errors.contains("2 values for each sample"))
      #expect(try pack("b", "whole").words.contains("7 classes"))
      #expect(try pack("c", "whole", "--regression").words.contains("1 value (target 1)"))
      let constant = try pack("d", "same", "--target-names", "price")
      #expect(constant.code == 3 && constant.errors.contains("target \"price\""))
      #expect(try pack("d", "same", "--raw-targets").words.contains("as they are"))
      #expect(try pack("e", "whole", "--regression", "--classes", "a,b").code == 2)
      #expect(try pack("e", "train-y", "--target-names", "a").code == 3)
      #expect(try pack("e", "train-y", "--regression", "--label-column", "1").code == 0)
    }
  }
}
