import Foundation
import SkeinFiles
import Testing

/// A bad block in each of a run's checkpoints.
@Suite struct CheckpointDamageTests {
  private static func damage(_ file: String, cuts: Bool) throws {
    if cuts {
      #expect(truncate(file, 500) == 0)
      return
    }
    let handle = try #require(FileHandle(forUpdatingAtPath: file))
    try handle.seek(toOffset: 900)
    let old = try #require(try handle.read(upToCount: 1)?.first)
    try handle.seek(toOffset: 900)
    try handle.write(contentsOf: Data([old ^ 0x10]))
    try handle.close()
  }

  /// Each file in turn: whoever reads it says so and what to do, the others go on, and `--resume`
  /// makes good what another file still holds.
  @Test(arguments: [false, true])
  func oneDamagedCheckpointCostsNothing(cuts: Bool) throws {
    try Command.withFolder { folder in
      let (whole, run) = (folder + "/whole", folder + "/run")
      let trained = try Command.skein(
        "train", "Configs/lines.yaml", "--run", whole, "--set", "training.epochs=4")
      #expect(trained.code == 0, "\(trained.errors)")
      let samples = folder + "/x.idx"
      try Data([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 10, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
        .write(to: URL(fileURLWithPath: samples))
      let checkpoints = whole + "/checkpoints"
      let names = try FileManager.default.contentsOfDirectory(atPath: checkpoints).sorted()
      #expect(names.count == 5, "\(names)")
      let bytes = try Data(contentsOf: URL(fileURLWithPath: checkpoints + "/last.safetensors"))
      for name in names {
        try? FileManager.default.removeItem(atPath: run)
        // Links between the files stay links.
        let copy = try Child(["-a", whole, run], executable: "/bin/cp")
        #expect(try copy.wait().code == 0)
        try Self.damage("\(run)/checkpoints/\(name)", cuts: cuts)
        for arguments in [["evaluate", run], ["predict", run, samples], ["report", run]] {
          let outcome = try Command.run(arguments)
          let isTold =
            outcome.errors.contains("best.safetensors: ")
            && outcome.errors.contains("skein train --run \(run) --resume makes it again")
          #expect(outcome.code == 0 || outcome.code == 6 && isTold, "\(name): \(outcome)")
        }
        let resumed = try Command.skein("train", "--run", run, "--resume")
        #expect(resumed.code == 0, "\(name): \(resumed.errors)")
        if ["best", "last", "step-000000002000"].contains(name.dropLast(".safetensors".count)) {
          #expect(resumed.errors.contains("damaged"), "\(name): \(resumed.errors)")
        }
        #expect(!resumed.errors.contains("use another"), "\(name): \(resumed.errors)")
        for mended in ["last", "best", "step-000000002000"] {
          let file = "\(run)/checkpoints/\(mended).safetensors"
          #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == bytes, "\(name): \(mended)")
        }
        #expect(try Command.skein("evaluate", run).code == 0)
      }
    }
  }

  /// The best epoch was long ago, and its numbered checkpoint is gone.
  @Test func aBestCheckpointWithoutACopyIsMissed() throws {
    try Command.withFolder { folder in
      let run = folder + "/run"
      let trained = try Command.skein(
        "train", "Configs/lines.yaml", "--run", run, "--set", "training.epochs=4", "--set",
        "checkpoint.keep=1", "--set", "optimizer.learningRate=0")
      #expect(trained.code == 0, "\(trained.errors)")
      let best = run + "/checkpoints/best.safetensors"
      try Self.damage(best, cuts: false)
      let evaluated = try Command.skein("evaluate", run)
      #expect(evaluated.code == 6 && evaluated.errors.contains("\(best): "))
      let resumed = try Command.skein("train", "--run", run, "--resume")
      #expect(resumed.code == 0, "\(resumed.errors)")
      #expect(resumed.errors.contains("\(best) is missing or damaged, and step 500"))
      #expect(resumed.errors.contains("in 6 bits"), "\(resumed.errors)")
      #expect(resumed.output.contains("page: "), "\(resumed.output)")
      let last = try Command.skein("evaluate", run, "--checkpoint", "last")
      #expect(last.code == 0, "\(last.errors)")
    }
  }
}
