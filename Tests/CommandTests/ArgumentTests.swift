import Foundation
import SkeinFiles
import Testing

/// Mistyped commands, options and values; versions; what a shell completes.
@Suite struct ArgumentTests {
  @Test(
    arguments: [
      (["trian"], "did you mean train?"),
      (["help", "trian"], "did you mean train?"),
      (["data", "imprt"], "did you mean data import?"),
      (["import"], "did you mean data import?"),
      (["data", "train"], "did you mean train?"),
      (["data", "check", "Datasets/lines"], "did you mean data verify?"),
      (["frobnicate"], "the commands are train, evaluate"),
      (["train", "Configs/lines.yaml", "--thread", "2"], "did you mean --threads?"),
      (
        ["train", "Configs/lines.yaml", "--frob"], "Unknown option '--frob'; see skein train --help"
      ),
      (["data", "show", "x", "--cuont", "2"], "did you mean --count?"),
      // The option is the mistake, whatever lacks because of it.
      (["train", "--resum"], "did you mean --resume?"),
      (["plot", "curves", "r", "--ouput", "x"], "Unknown option '--ouput'"),
      (["data", "pack", "o", "--image=x"], "did you mean --images?"),
      (["version"], "did you mean skein --version?"),
      (["plot", "curvs"], "did you mean curves?"),
      (["plot", "xyzzy"], "there are curves, network"),
      (["train"], "see skein train --help"),
      (["train", "a", "b"], "see skein train --help"),
      (["train", "Configs/lines.yaml", "--threads", "x"], "'x' is invalid"),
      (["train", "Configs/lines.yaml", "—threads", "2"], "an em dash, U+2014: write --threads"),
      (["train", "Configs/lines.yaml", "–threads=2"], "an en dash, U+2013: write --threads"),
      (["plot", "activations", "--out", "x.png"], "pictures are SVG; name it x.svg"),
      (["plot", "activations", "--out", "x.PDF"], "name it x.svg"),
      (["bench", "Configs/lines.yaml", "--svg", "a.jpg"], "name it a.svg"),
      (["bench", "Configs/lines.yaml", "--json", "a.txt"], "name it a.json"),
      (["report", "x", "--out", "r.pdf"], "name it r.html"),
      (["data", "show", "\u{1B}[31m", "\u{1B}[31m"], "\\u{1B}[31m"),
    ] as [([String], String)])
  func mistakesAreToldInOneStyle(arguments: [String], text: String) throws {
    let outcome = try Command.run(arguments)
    #expect(outcome.code == 2 && outcome.output.isEmpty, "\(arguments): \(outcome.output)")
    #expect(outcome.errors.hasPrefix("skein: "), "\(outcome.errors)")
    #expect(outcome.errors.contains(text), "\(outcome.errors)")
    for word in ["Error:", "Usage:", "\u{1B}"] { #expect(!outcome.errors.contains(word)) }
  }

  @Test func filesAreCalledFilesInHelp() throws {
    for command in ["bench", "plot", "report"] {
      let help = try Command.skein(command, "--help").output
      #expect(help.contains("<file>"), "\(help)")
      for name in ["<json>", "<svg>", "<out>"] { #expect(!help.contains(name), "\(help)") }
    }
  }

  @Test func theVersionIsTold() throws {
    let outcome = try Command.skein("--version")
    #expect(outcome.code == 0 && outcome.output == "2.0.0\n")
  }

  @Test func picturesMayGoAnywhereThatPromisesNothing() throws {
    try Command.withFolder { folder in
      for name in ["a.svg", "a.SVG", "a"] {
        let outcome = try Command.skein("plot", "activations", "--out", "\(folder)/\(name)")
        #expect(outcome.code == 0, "\(outcome.errors)")
      }
    }
  }

  @Test func homeIsFoundBehindAnEqualsSign() throws {
    try Command.withFolder { folder in
      let bench = try Workbench(folder)
      let line = "skein check Configs/lines.yaml --set data.path=~/Datasets/lines"
      #expect(try bench.shell(line).code == 0)
      #expect(try bench.shell("skein plot activations --out='~/a.svg'").code == 0)
      #expect(FileManager.default.fileExists(atPath: folder + "/a.svg"))
    }
  }

  @Test func otherLayersAreToldByTheirKeys() throws {
    try Command.withFolder { folder in
      let train = ["train", "Configs/lines.yaml", "--run", folder + "/run"]
      #expect(try Command.run(train + ["--set", "training.epochs=1"]).code == 0)
      let resumed = try Command.run(
        train + ["--resume", "--set", "model.hidden=[5]", "--set", "training.epochs=1"])
      #expect(resumed.code == 6)
      #expect(resumed.errors.contains("model.hidden: [16, 16] → [5]"), "\(resumed.errors)")
      #expect(!resumed.errors.contains("layers.0") && !resumed.errors.contains("--allow-changes"))
    }
  }

  @Test func bashCompletesWords() throws {
    try Command.withFolder { folder in
      let bench = try Workbench(folder)
      #expect(
        try bench.shell(
          "skein train Configs/lines.yaml --run Runs/a --set training.epochs=1"
        ).code == 0)
      for (line, word) in [
        ("skein tr", "train"), ("skein data sh", "show"), ("skein data show Data", "Datasets"),
        ("skein data show Datasets/lines --cou", "--count"),
        ("skein plot weight-", "weight-histograms"),
        ("skein plot curves Run", "Runs"), ("skein evaluate Runs/a --checkpoint ", "last"),
        ("skein evaluate Runs/a --checkpoint ", "Runs/a/checkpoints/best.safetensors"),
        ("skein train Configs/lines.yaml --set optimizer.l", "optimizer.learningRate="),
        ("skein train Configs/lines.yaml --run Runs/", "Runs/a"),
        ("skein train Configs/l", "Configs/lines.yaml"),
        ("skein predict Runs/a t10", "t10k-images-idx3-ubyte.gz"),
      ] {
        let script = """
          source <(skein --generate-completion-script bash)
          COMP_LINE='\(line)'; COMP_POINT=${#COMP_LINE}; read -ra COMP_WORDS <<< "$COMP_LINE"
          [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
          COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
          _skein skein "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
          printf '%s\\n' "${COMPREPLY[@]}"
          """
        let found = try bench.shell(script).output.split(separator: "\n").map {
          $0.trimmingCharacters(in: .whitespaces)
        }
        #expect(found.contains(word), "\(line): \(found)")
      }
    }
  }

  /// A value comes right behind its key: bash adds no space there, and no backslash before "=".
  @Test func aCompletedKeyWaitsForItsValue() throws {
    try Command.withFolder { folder in
      let bench = try Workbench(folder)
      for (line, rule) in [
        ("skein train Configs/lines.yaml --set optimizer.l", "compopt -o nospace +o filenames"),
        ("skein train Configs/l", ""),
      ] {
        let outcome = try bench.shell(
          """
          source <(skein --generate-completion-script bash)
          compopt() { echo "compopt $*"; }
          COMP_LINE='\(line)'; COMP_POINT=${#COMP_LINE}; read -ra COMP_WORDS <<< "$COMP_LINE"
          COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
          words="$(complete -p skein)"; words="${words##*-F }"
          ${words%% *} skein "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
          """)
        let ruled = outcome.output.split(separator: "\n").filter { $0.contains("nospace") }
        #expect(ruled.joined() == rule, "\(line): \(outcome.output) \(outcome.errors)")
      }
    }
  }
}
