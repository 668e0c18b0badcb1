import Foundation
import Testing

/// Datasets that lack files, and datasets that change or go while a run uses them.
@Suite struct DatasetFaultTests {
  /// A copy of Datasets/lines at `path`.
  private func copy(to path: String) throws {
    try FileManager.default.copyItem(
      atPath: Command.root.path + "/Datasets/lines", toPath: path)
  }

  /// A shard is missing in one split, and damaged, of the same length, in the other.
  @Test func faultsOfAllSplitsAreNamed() throws {
    try Command.withFolder { folder in
      let set = folder + "/set"
      try copy(to: set)
      try FileManager.default.removeItem(atPath: set + "/train-000-labels.idx.zst")
      let damaged = URL(fileURLWithPath: set + "/test-000-images.idx.zst")
      var bytes = try Data(contentsOf: damaged)
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: damaged)
      let path = ["--set", "data.path=\(set)"]
      for arguments in [
        ["train", "Configs/lines.yaml", "--run", folder + "/run"] + path,
        ["bench", "--data", set, "--repeats", "1"], ["data", "inspect", set],
        ["data", "verify", set],
      ] {
        let outcome = try Command.run(arguments)
        #expect(outcome.code == 3, "\(arguments): \(outcome.errors)")
        for text in ["2 faults", "train-000-labels", "test-000-images", "SHA-256"] {
          #expect(outcome.errors.contains(text), "\(arguments): \(outcome.errors)")
        }
      }
    }
  }

  /// `check` reads no shard file, but says which ones lack and which have another length.
  @Test func checkNamesTheFilesThatLack() throws {
    try Command.withFolder { folder in
      let set = folder + "/set"
      try copy(to: set)
      let arguments = ["check", "Configs/lines.yaml", "--set", "data.path=\(set)"]
      #expect(try Command.run(arguments).code == 0)
      try FileManager.default.removeItem(atPath: set + "/train-000-images.idx.zst")
      let cut = URL(fileURLWithPath: set + "/test-000-labels.idx.zst")
      try Data(contentsOf: cut).dropLast().write(to: cut)
      let outcome = try Command.run(arguments)
      #expect(outcome.code == 3 && outcome.words.contains("MiB of memory"))
      for text in ["2 faults", "train-000-images", "nothing of that name", "test-000-labels"] {
        #expect(outcome.errors.contains(text), "\(outcome.errors)")
      }
      let alone = try Command.run(arguments + ["--set", "data.test=null"])
      #expect(alone.code == 3 && !alone.errors.contains("test-000"), "\(alone.errors)")
    }
  }

  /// What is wrong with the first shard, which `check` reads, hides nothing of the rest.
  @Test func checkTellsOfADamagedShardBehindThePlan() throws {
    try Command.withFolder { folder in
      let set = folder + "/set"
      try copy(to: set)
      let shard = URL(fileURLWithPath: set + "/train-000-images.idx.zst")
      var bytes = try Data(contentsOf: shard)
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: shard)
      let outcome = try Command.skein(
        "check", "Configs/lines.yaml", "--set", "data.path=\(set)")
      #expect(outcome.code == 3 && outcome.errors.contains("SHA-256"), "\(outcome.errors)")
      #expect(outcome.words.contains("MiB of memory") && outcome.words.contains("533 parameters"))
    }
  }

  @Test func datasetsAreNotWrittenIntoRuns() throws {
    try Command.withFolder { folder in
      let trained = try Command.skein(
        "train", "Configs/lines.yaml", "--run", folder, "--set", "training.epochs=1")
      #expect(trained.code == 0, "\(trained.errors)")
      let before = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
      let outcome = try Command.skein("data", "lines", folder, "--seed", "1", "--force")
      #expect(outcome.code == 2 && outcome.errors.contains("holds a run"), "\(outcome.errors)")
      #expect(try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() == before)
    }
  }

  /// Trains on a copy in `$FOLDER/set`, stops the process after its first epoch, runs `change`, and
  /// lets it go on. There are epochs enough for that.
  private func train(_ change: String) throws -> ShellOutcome {
    let outcome = try Command.shell(
      """
      cp -r Datasets/lines "$FOLDER/set"
      "$SKEIN" train Configs/lines.yaml --run "$FOLDER/run" --threads 1 \
        --set data.path="$FOLDER/set" --set training.epochs=25 --set model.hidden=[64,64] \
        > "$FOLDER/output" & p=$!
      until [ -s "$FOLDER/run/metrics.jsonl" ] || ! kill -0 $p; do sleep 0.01; done
      kill -STOP $p && echo "stopped $(wc -l < "$FOLDER/run/metrics.jsonl")"
      \(change)
      kill -CONT $p; wait $p; echo "code $?"; echo "lines $(wc -l < "$FOLDER/run/metrics.jsonl")"
      """)
    #expect(outcome.text.contains("stopped "), "\(outcome.text)")
    #expect(outcome.lines("stopped ").allSatisfy { $0.first != "25" }, "\(outcome.text)")
    return outcome
  }

  @Test func touchedFilesAreTheSame() throws {
    let outcome = try train("touch \"$FOLDER\"/set/*; cp -r \"$FOLDER/set\" \"$FOLDER/new\"")
    #expect(outcome.text.contains("code 0") && outcome.text.contains("lines 25"))
    #expect(!outcome.text.contains("warning"), "\(outcome.text)")
  }

  @Test func aDatasetThatIsGoneIsWarnedOfOnce() throws {
    for change in [
      "rm -r \"$FOLDER/set\"", "rm \"$FOLDER\"/set/*.zst", "mv \"$FOLDER/set\" \"$FOLDER/there\"",
    ] {
      let outcome = try train(change)
      #expect(outcome.text.contains("code 0") && outcome.text.contains("lines 25"), "\(change)")
      let warnings = outcome.text.components(separatedBy: "warning: ").count - 1
      #expect(warnings == 1, "\(change): \(outcome.text)")
      #expect(outcome.text.contains("training goes on with the samples in memory"))
    }
  }

  /// Other samples under a run would make it go on with those when it is resumed.
  @Test func otherBytesEndTheRunAfterASave() throws {
    let outcome = try train(
      "cp \"$FOLDER/set/test-000-labels.idx.zst\" \"$FOLDER/set/train-000-labels.idx.zst\"")
    #expect(outcome.text.contains("code 3") && outcome.text.contains("changed since start"))
  }
}
