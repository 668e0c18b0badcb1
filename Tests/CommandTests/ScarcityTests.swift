import Foundation
import Testing

/// Every command with less memory and fewer descriptors than it wants: it says so, and no signal
/// ends it.
@Suite struct ScarcityTests {
  /// A run of digits, one with 17 MB of weights, and files for every command, in `$FOLDER`.
  private static let files = """
    "$SKEIN" train Configs/digits.yaml --run "$FOLDER/run" --set training.epochs=1 >/dev/null
    "$SKEIN" train Configs/lines.yaml --run "$FOLDER/wide" --set model.hidden=[2048,2048] \
      --set training.epochs=1 --set data.train=test --threads 1 >/dev/null
    "$SKEIN" bench Configs/lines.yaml --threads 1 --repeats 1 --steps 1 --json "$FOLDER/b.json" \
      >/dev/null
    x() {
      printf '\\x0\\x0\\x8\\x3\\x0\\x0\\x1\\x0\\x0\\x0\\x0\\x1c\\x0\\x0\\x0\\x1c'
      head -c 200704 /dev/zero
    }
    y() { printf '\\x0\\x0\\x8\\x1\\x0\\x0\\x1\\x0'; head -c 256 /dev/zero; }
    x > "$FOLDER/x.idx"; y > "$FOLDER/y.idx"
    mkdir "$FOLDER/classic"
    for s in train t10k; do
      x > "$FOLDER/classic/$s-images-idx3-ubyte"; y > "$FOLDER/classic/$s-labels-idx1-ubyte"
    done

    """

  /// Each command once, as words for a shell; a `#` stands for a number of the attempt's own.
  private static let commands = [
    "predict $FOLDER/run $FOLDER/x.idx", "predict $FOLDER/run $FOLDER/x.idx --json",
    "evaluate $FOLDER/run", "evaluate $FOLDER/wide", "check Configs/digits.yaml",
    "verify Configs/digits.yaml --threads 1,2 --steps 2",
    "bench Configs/digits.yaml --threads 1,2 --repeats 1 --steps 2",
    "bench --data Datasets/digits --repeats 1", "report $FOLDER/run", "report $FOLDER/wide",
    "plot activations", "plot curves $FOLDER/run", "plot confusion $FOLDER/run",
    "plot weights $FOLDER/wide", "plot compare $FOLDER/run $FOLDER/wide",
    "plot samples Datasets/digits", "plot scaling $FOLDER/b.json",
    "data pack $FOLDER/p# --images $FOLDER/x.idx --labels $FOLDER/y.idx",
    "data import $FOLDER/classic $FOLDER/i#", "data lines $FOLDER/l# --seed 1",
    "data inspect Datasets/digits", "data inspect $FOLDER/x.idx", "data verify Datasets/digits",
    "data show Datasets/digits", "train --run $FOLDER/run --resume",
    "train Configs/digits.yaml --run $FOLDER/r# --set training.epochs=1 --threads 2",
    "train Configs/digits.yaml --run $FOLDER/h# --set model.hidden=[4096,4096] --threads 1",
  ]

  /// Runs `commands` with each of `limits`, and expects 0, 4, 7 for a thread, or 127 from the
  /// system's loader, and an explanation with each 4.
  private func sweep(_ option: String, _ limits: [Int], _ commands: [String]) throws -> String {
    let lines = limits.flatMap { limit in
      commands.enumerated().map { index, command in
        let words = command.replacingOccurrences(of: "#", with: "\(limit)-\(index)")
        return "try \(limit) \(words)"
      }
    }
    let script =
      Self.files + """
        try() {
          limit=$1; shift
          prlimit --\(option) timeout 20 "$SKEIN" "$@" >/dev/null 2>"$FOLDER/errors"; code=$?
          echo "at $limit $code $*: $(tr '\\n' ' ' < "$FOLDER/errors" | tail -c 400)"
        }

        """ + lines.joined(separator: "\n")
    let outcome = try Command.shell(script, seconds: 240)
    let found = outcome.lines("at ")
    #expect(found.count == lines.count, "\(outcome.text)")
    for words in found {
      let code = Int(words[1]) ?? -1
      let line = words.joined(separator: " ")
      #expect([0, 4, 7, 127].contains(code), "\(line)")
      #expect(code != 4 || line.contains("skein: cannot"), "\(line)")
    }
    return outcome.text
  }

  @Test func littleMemoryIsNoSignal() throws {
    let commands = Self.commands.filter { !$0.contains("4096") }
    // Below 115 MiB the libraries themselves find no room.
    let text = try sweep("as=$((limit * 1048576))", [118, 130, 148, 175, 230], commands)
    #expect(text.contains("MiB for training"), "\(text)")
    #expect(text.contains("MiB: Cannot allocate memory; choose a smaller"), "\(text)")
    let wide = Self.commands.filter { $0.contains("4096") }
    #expect(try sweep("as=$((limit * 1048576))", [150, 250], wide).contains("at 250 4 train"))
    let enough = try sweep("as=$((limit * 1048576))", [600], ["evaluate $FOLDER/wide"])
    #expect(enough.contains("at 600 0 evaluate"), "\(enough)")
  }

  @Test func fewDescriptorsAreNoSignal() throws {
    let commands = Self.commands.filter { !$0.contains("4096") }
    let text = try sweep("nofile=$limit", [3, 4, 5, 8, 20], commands)
    #expect(text.contains("Too many open files"), "\(text)")
    let last = text.split(separator: "\n").filter { $0.hasPrefix("at 20 ") }
    #expect(last.allSatisfy { $0.hasPrefix("at 20 0 ") }, "\(last)")
  }
}
