import Foundation
import SkeinFiles
import Testing

/// Files and folders whose names are no text: the very bytes are opened, made and said.
@Suite struct NameTests {
  /// Runs `script` in bash, with `skein` as `$0` and an empty folder as `$1`, in which `$b` is a
  /// folder whose name is no UTF-8. What it leaves is told by the shell, which knows bytes.
  private static func bash(_ script: String) throws -> Outcome {
    var outcome: Outcome?
    try Command.withFolder { folder in
      let start = "set -e; export LC_ALL=C; b=\"$1/\"$'b\\xff'; mkdir \"$b\"; "
      let child = try Child(
        ["-c", start + script, Command.executable.path, folder], executable: "/bin/bash")
      outcome = try child.wait()
    }
    return try #require(outcome)
  }

  @Test func aRunLivesInAFolderThatIsNoText() throws {
    let outcome = try Self.bash(
      """
      "$0" data lines "$b/"$'lines\\xfe' --seed 1 --train 40 --test 10 > "$1/log"
      "$0" data verify "$b/"$'lines\\xfe' >> "$1/log"
      "$0" data inspect "$b/"$'lines\\xfe' >> "$1/log"
      cp Configs/lines.yaml "$b/"$'job\\xfd.yaml'
      set -- "$1" --set data.path="$b/"$'lines\\xfe' --set training.epochs=2
      "$0" check "$b/"$'job\\xfd.yaml' "${@:2}" >> "$1/log"
      "$0" train "$b/"$'job\\xfd.yaml' "${@:2}" --set name=x --run "$b/"$'run\\xfc' >> "$1/log"
      "$0" train --run "$b/"$'run\\xfc' --resume >> "$1/log"
      "$0" evaluate "$b/"$'run\\xfc' >> "$1/log"
      "$0" predict "$b/"$'run\\xfc' "$b/"$'lines\\xfe'/test-000-images.idx.zst >> "$1/log"
      "$0" report "$b/"$'run\\xfc' --out "$b/"$'page\\xfb.html' >> "$1/log"
      "$0" plot curves "$b/"$'run\\xfc' --out "$b/"$'curves\\xfa.svg' >> "$1/log"
      cd "$b"
      "$0" evaluate $'run\\xfc' >> "$1/log"
      "$0" data lines "small" --seed 1 --train 40 --test 10 >> "$1/log"
      ls -b "$1" "$b"
      grep -c 'run folder: .*/b.xFF/run.xFC$' "$1/log"
      """)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let names = outcome.output.split(separator: "\n").map(String.init)
    for name in [
      "b\\377", "curves\\372.svg", "job\\375.yaml", "lines\\376", "page\\373.html", "run\\374",
    ] {
      #expect(names.contains(name), "\(name) in \(names)")
    }
    // Nothing was made under the names that those bytes would be mended into.
    #expect(!names.contains { $0.contains("\\357\\277\\275") }, "\(names)")
    #expect(names.last == "2")
  }

  /// A message names the bytes in a way that a shell reads back.
  @Test func aCommandInAMessageNamesTheBytes() throws {
    let outcome = try Self.bash(
      """
      "$0" data lines "$1/lines" --seed 1 --train 40 --test 10 > "$1/log"
      "$0" train Configs/lines.yaml --set data.path="$1/lines" --run "$b/"$'run\\xfc' \\
        --set training.epochs=1000000 --set report.history=false > "$1/log" 2> "$1/errors" &
      for i in $(seq 1200); do grep -q epoch "$1/log" && break; sleep 0.05; done
      kill -TERM $!
      wait $! || true
      eval "$(sed -n 's/.*go on with: skein \\(train .*\\)/check() { echo \\1; }/p' "$1/errors")"
      check | od -An -c | tr -d ' \\n'
      cat "$1/errors" >&2
      """)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("/b377/run374--resume"), "\(outcome.output) \(outcome.errors)")
  }

  /// What a message cannot show as it is, as a line break, is written so that a shell reads it.
  @Test func aLineBreakInAMessageIsReadBack() throws {
    let outcome = try Self.bash(
      """
      "$0" train --run "$b/"$'a\\nb' 2> "$1/errors" --resume || true
      line='s/.*as in skein \\(train JOB --run .*\\), or look.*/check() { echo \\1; }/p'
      eval "$(sed -n "$line" "$1/errors")"
      check | od -An -c | tr -d ' \\n'
      """)
    #expect(outcome.output.contains("/b377/a\\nb"), "\(outcome.output) \(outcome.errors)")
  }

  /// For Swift two spellings of "é" are one text; for a folder they are two names.
  @Test func twoSpellingsOfOneNameAreTwoFiles() throws {
    let outcome = try Self.bash(
      """
      "$0" train Configs/lines.yaml --run "$1/run" --set training.epochs=1 > "$1/log"
      touch "$1/run/"$'\\xc3\\xa9' "$1/run/"$'e\\xcc\\x81'
      "$0" train --run "$1/run" --resume >> "$1/log"
      mkdir "$1/other"; touch "$1/other/"$'\\xc3\\xa9' "$1/other/"$'e\\xcc\\x81'
      "$0" train Configs/lines.yaml --run "$1/other" || echo "code $?"
      """)
    #expect(outcome.code == 0 && outcome.output.contains("code 2"), "\(outcome)")
  }

  @Test func whatIsMissingIsNamedByItsBytes() throws {
    for command in ["evaluate", "report", "train", "check", "data inspect", "data verify"] {
      let outcome = try Self.bash("exec \"$0\" \(command) \"$b/\"$'no\\xfe'")
      #expect(outcome.code != 0 && outcome.code < 9, "\(command): \(outcome.code)")
      #expect(outcome.errors.contains("b\\xFF/no\\xFE"), "\(command): \(outcome.errors)")
    }
  }
}
