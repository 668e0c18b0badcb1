import Foundation
import SkeinFiles
import Testing

/// Numbers that files of strangers may hold: whatever stands there, a command ends by itself, soon,
/// and with one of its exit codes.
@Suite struct NumberSweepTests {
  private static let values = [
    "0", "1", "-1", "2147483647", "2147483648", "4294967295", "9007199254740992",
    "4611686018427387904", "9223372036854775807", "9223372036854775808", "1e300", "0.5",
  ]

  /// Commands on the dataset `$D`, each of which uses other numbers of it.
  private static let onDatasets = [
    "check Configs/lines.yaml --set data.path=$D --set data.test=null",
    "train Configs/lines.yaml --set data.path=$D --set data.test=null --run $D/run "
      + "--set training.epochs=1",
    "bench --data $D --repeats 1 --threads 1", "data inspect $D", "data verify $D", "data show $D",
    "bench Configs/lines.yaml --set data.path=$D --threads 1 --repeats 1 --steps 1",
    "verify Configs/lines.yaml --set data.path=$D --threads 1 --steps 1",
    "check Configs/lines.yaml --set data.path=$D --set data.test=null "
      + "--set model.hidden=[1000000]",
  ]

  /// Commands on the job file `$D/job.yaml`.
  private static let onJobs = [
    "check $D/job.yaml", "train $D/job.yaml --run $D/run",
    "bench $D/job.yaml --threads 1 --repeats 1 --steps 1",
    "verify $D/job.yaml --threads 1 --steps 1",
  ]

  /// Runs each of `lines`, which are `NAME COMMAND`, with `$D` the folder of that name, and expects
  /// an exit code of Skein's own after each.
  private func run(_ lines: [String], in folder: String) throws {
    let calls = lines.map { line in
      let (name, command) = (line.prefix { $0 != " " }, line.drop { $0 != " " }.dropFirst())
      return "D=\(folder)/\(name); try \(command)"
    }
    let outcome = try Command.shell(
      """
      ulimit -v \(4 << 20)
      try() {
        timeout 20 "$SKEIN" "$@" >/dev/null 2>"$FOLDER/errors"; code=$?
        echo "code $code $*: $(head -c 300 "$FOLDER/errors" | tr '\\n' ' ')"
      }

      """ + calls.joined(separator: "\n"), folder: folder, seconds: 300)
    let found = outcome.lines("code ")
    #expect(found.count == lines.count, "\(outcome.text)")
    for words in found {
      let code = Int(words[0]) ?? -1
      let line = words.joined(separator: " ")
      #expect((0...8).contains(code), "\(line)")
      #expect(code == 0 || line.contains(": skein: "), "no word about it: \(line)")
    }
  }

  /// Where numbers stand in JSON or YAML: behind a space, a bracket, a colon or a comma.
  private func numbers(in text: String) -> [Range<String.Index>] {
    text.ranges(of: /[ \[:,]-?[0-9]+(\.[0-9]+)?(?=[,}\]\n]|$)/).map {
      text.index(after: $0.lowerBound)..<$0.upperBound
    }
  }

  private func write(_ text: String, _ path: String) throws {
    let file = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// A dataset with the shard files of Datasets/lines, as links, and `manifest`.
  private func writeDataset(_ manifest: String, _ path: String) throws {
    try write(manifest, path + "/dataset.json")
    for name in ["images", "labels"] {
      let file = "train-000-\(name).idx.zst"
      try FileManager.default.createSymbolicLink(
        atPath: "\(path)/\(file)",
        withDestinationPath: "\(Command.root.path)/Datasets/lines/\(file)")
    }
  }

  /// Every number of a manifest with one split, replaced by every value; the commands take turns.
  @Test func everyNumberOfAManifest() throws {
    try Command.withFolder { folder in
      let text = try String(
        contentsOfFile: Command.root.path + "/Datasets/lines/dataset.json", encoding: .utf8)
      var object = try #require(
        JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      let splits = try #require(object["splits"] as? [String: Any])
      object["splits"] = ["train": splits["train"]]
      let sound = String(
        decoding: try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]),
        as: UTF8.self)
      let numbers = numbers(in: sound)
      #expect(numbers.count == 8, "format, shape, count, and two sizes of two files")
      var lines: [String] = []
      for number in numbers {
        for value in Self.values {
          var changed = sound
          changed.replaceSubrange(number, with: value)
          let name = "m\(lines.count)"
          try writeDataset(changed, "\(folder)/\(name)")
          lines.append("\(name) \(Self.onDatasets[lines.count % Self.onDatasets.count])")
        }
      }
      try run(lines, in: folder)
    }
  }

  /// Manifests whose numbers agree with each other, so that no check of one against another stops
  /// them: sizes whose sums and products do not fit 64 bits.
  @Test func hugeNumbersThatAgree() throws {
    try Command.withFolder { folder in
      func manifest(_ shape: [Int], count: Int, shards: Int) -> String? {
        let (bytes, overflow) = shape.reduce((count, false)) { product, factor in
          let (next, overflow) = product.0.multipliedReportingOverflow(by: factor)
          return (next, overflow || product.1)
        }
        let header = 8 + 4 * shape.count
        guard !overflow, bytes <= .max - header else { return nil }
        func file(_ name: String, _ size: Int) -> String {
          let hash = String(repeating: "0", count: 64)
          return """
            {"file":"train-000-\(name).idx.zst","bytes":\(max(1, size >> 14)),\
            "rawBytes":\(size),"sha256":"\(hash)"}
            """
        }
        let shard = """
          {"count":\(count),"images":\(file("images", header + bytes)),\
          "labels":\(file("labels", 8 + count))}
          """
        let list = [String](repeating: shard, count: shards).joined(separator: ",")
        return """
          {"format":1,"name":"x","classes":["a","b"],"sample":{"shape":\(shape),"type":"uint8"},\
          "splits":{"train":[\(list)],"test":[\(list)]}}
          """
      }
      let (large, larger, largest) = (1 << 31, (1 << 31) - 1, (1 << 32) - 2)
      var lines: [String] = []
      for (shape, count, shards) in [
        ([large, largest], 1, 1), ([large, larger], 1, 3), ([larger, largest], 1, 2),
        ([large], larger, 1), ([largest], larger, 1), ([larger], larger / 2, 2),
        ([1 << 30, 1 << 30, 4], 1, 3), ([784], larger, 1),
      ] {
        let text = try #require(manifest(shape, count: count, shards: shards), "\(shape)")
        let name = "h\(lines.count)"
        try writeDataset(text, "\(folder)/\(name)")
        lines += Self.onDatasets.filter { !$0.hasPrefix("data show") }.map { "\(name) \($0)" }
      }
      try run(lines, in: folder)
    }
  }

  private static let job = """
    seed: 1
    data: {path: DATA, train: train, test: test, scale: 1}
    model: {hidden: [16, 8], activation: {leakyRelu: 0.1}, init: {uniform: [-2, 2]}}
    optimizer: {kind: sgd, learningRate: 0.25, momentum: 0.5, weightDecay: 0.125}
    training: {epochs: 1, batchSize: 200}
    parallel: {threads: 2, batchShards: 2}
    checkpoint: {everyEpochs: 1, everySteps: 100, everyMinutes: 1, keep: 3}
    """

  private static let drawn = """
    data: {synthetic: {shape: [5, 2], classes: 3, samples: 100}, test: test, scale: 255}
    model: {hidden: [4], activation: {elu: 1}, init: {normal: [0, 0.1]}}
    optimizer: {kind: sgd, learningRate: 0.1}
    training: {epochs: 1, batchSize: 10, dropLast: true}
    """

  /// Every number of two job files, with three of the values each, in turns.
  @Test func everyNumberOfAJob() throws {
    try Command.withFolder { folder in
      var lines: [String] = []
      for text in [Self.job, Self.drawn] {
        let sound = text.replacingOccurrences(
          of: "DATA", with: Command.root.path + "/Datasets/lines")
        try write(sound, "\(folder)/sound\(lines.count)/job.yaml")
        #expect(
          try Command.skein("check", "\(folder)/sound\(lines.count)/job.yaml").code == 0)
        let numbers = numbers(in: sound)
        #expect(numbers.count >= 10)
        for (place, number) in numbers.enumerated() {
          for turn in 0..<3 {
            let value = Self.values[(3 * place + turn) % Self.values.count]
            // Epochs without end are what such a job asks for.
            if sound[..<number.lowerBound].hasSuffix("epochs: "), value.count > 3 { continue }
            var changed = sound
            changed.replaceSubrange(number, with: value)
            let name = "j\(lines.count)"
            try write(changed, "\(folder)/\(name)/job.yaml")
            lines.append("\(name) \(Self.onJobs[lines.count % Self.onJobs.count])")
          }
        }
      }
      try run(lines, in: folder)
    }
  }
}
