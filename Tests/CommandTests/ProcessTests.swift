import Foundation
import SkeinFiles
import Testing

/// What a system may do to a process: signals, few threads, little memory, closed descriptors.
@Suite struct ProcessTests {
  private func shell(_ script: String) throws -> ShellOutcome { try Command.shell(script) }

  private static let long = "train Configs/lines.yaml --set training.epochs=100000 --threads 1"

  @Test(arguments: [
    (SIGINT, "SIGINT"), (SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP"), (SIGUSR1, "SIGUSR1"),
    (SIGUSR2, "SIGUSR2"), (SIGXCPU, "SIGXCPU"),
  ])
  func aSignalSavesAndIsNamed(number: Int32, name: String) throws {
    try Command.withFolder { folder in
      let run = folder + "/run"
      let arguments = Self.long.split(separator: " ").map(String.init) + ["--run", run]
      let child = try Command.start(arguments)
      waitForFile(run + "/metrics.jsonl")
      // Twice at once, as `timeout` does: that is one wish.
      _ = child.signal(number, after: 0)
      _ = child.signal(number, after: 0)
      let outcome = try child.wait()
      #expect(outcome.code == 128 + number, "\(outcome.errors)")
      #expect(outcome.errors.contains("stopped by \(name): saved after step"))
      let last = run + "/checkpoints/last.safetensors"
      #expect(FileManager.default.fileExists(atPath: last))
    }
  }

  @Test func whatWasIgnoredStaysIgnored() throws {
    let result = try shell(
      """
      trap '' INT HUP USR1 USR2 XCPU; "$SKEIN" \(Self.long) --run "$FOLDER/run" >/dev/null & p=$!
      for i in $(seq 600); do [ -e "$FOLDER/run/metrics.jsonl" ] && break; sleep 0.05; done
      for s in INT HUP USR1 USR2 XCPU HUP; do kill -$s $p; sleep 0.2; done
      kill -0 $p && echo alive; kill -TERM $p; wait $p; echo "code $?"
      """)
    #expect(result.text.contains("alive") && result.text.contains("code 143"), "\(result.text)")
  }

  /// Whether this test can become a user of its own, who has no other threads and can read the
  /// build.
  private static let becomesAnother: Bool = {
    guard getuid() == 0 else { return false }
    let child = try? Child(
      ["--reuid=61000", "--clear-groups", Command.executable.path, "--version"],
      executable: "/usr/bin/setpriv")
    return (try? child?.wait().code) == 0
  }()

  @Test(.enabled(if: becomesAnother, "needs root, and a build that every user can read"))
  func aThreadThatCannotBeHadIsNamed() throws {
    // A user of this test's own; the limit counts all threads of a user.
    let user = 61_000 + getpid() % 4000
    let result = try shell(
      """
      for n in 1 2 4 6 7 12; do
        timeout 15 prlimit --nproc=$n:$n setpriv --reuid=\(user) --clear-groups \
          "$SKEIN" verify Datasets/../Configs/digits.yaml --threads 8 --steps 2; echo "limit $n: $?"
      done
      """)
    for limit in [1, 2, 4, 6, 7] {
      #expect(result.text.contains("limit \(limit): 7"), "\(result.text)")
      #expect(result.text.contains("worker \(limit + 1) of 8 could not be started: Resource"))
    }
    #expect(result.text.contains("limit 12: 0"), "\(result.text)")
  }

  @Test(.enabled(if: becomesAnother, "needs root, and a build that every user can read"))
  func withoutFurtherThreadsOneTrains() throws {
    let user = 65_600 + getpid() % 4000
    let result = try shell(
      """
      chmod 777 "$FOLDER"; prlimit --nproc=1:1 setpriv --reuid=\(user) --clear-groups \
        "$SKEIN" train Configs/digits.yaml --threads 1 \
        --set training.epochs=2 --run "$FOLDER/run"; echo "code $?"
      prlimit --nproc=1:1 setpriv --reuid=\(user) --clear-groups \
        "$SKEIN" evaluate "$FOLDER/run"; echo "evaluate $?"
      """)
    #expect(result.text.contains("code 0"), "\(result.text)")
    #expect(result.text.contains("evaluate 0"), "\(result.text)")
  }

  @Test func closedDescriptorsGetNoFiles() throws {
    let result = try shell(
      """
      "$SKEIN" train Configs/lines.yaml --set training.epochs=2 --run "$FOLDER/a" <&- >&- 2>&-
      echo "code $?"; cat "$FOLDER/a/metrics.jsonl" | cut -c1-10
      "$SKEIN" train Configs/lines.yaml --set training.epochs=2 --run "$FOLDER/b" >/dev/full
      echo "code $?"; ls "$FOLDER/b/checkpoints/last.safetensors"
      """)
    let lines = result.text.split(separator: "\n").map(String.init)
    #expect(lines.filter { $0 == "code 4" }.count == 2, "\(result.text)")
    #expect(lines.filter { $0 == "{\"epoch\":1" || $0.hasPrefix("{\"epoch\":") }.count == 2)
    #expect(result.text.contains("last.safetensors"))
  }

  @Test func aSlowReaderGetsEveryByte() throws {
    let result = try shell(
      """
      "$SKEIN" plot activations > "$FOLDER/whole.svg"
      python3 - "$SKEIN" "$FOLDER/whole.svg" <<'END'
      import os, subprocess, sys, time
      out, into = os.pipe(); os.set_blocking(into, False)
      import fcntl; fcntl.fcntl(into, 1031, 4096)
      child = subprocess.Popen([sys.argv[1], 'plot', 'activations'], stdout=into)
      os.close(into); got = b''
      while True:
        time.sleep(0.005); part = os.read(out, 3000)
        if not part: break
        got += part
      print('same' if got == open(sys.argv[2], 'rb').read() else len(got), child.wait())
      END
      """)
    #expect(result.text.contains("same 0"), "\(result.text)")
  }

  @Test func whatIsNoRegularFileIsWritten() throws {
    let result = try shell(
      """
      cd "$FOLDER"; "$SKEIN" plot activations > whole.svg
      "$SKEIN" plot activations --out >(cat > substituted.svg); sleep 0.5
      for i in 1 2 3 4 5 6 7 8 9; do cmp -s substituted.svg whole.svg && break; sleep 1; done
      cmp substituted.svg whole.svg && echo substituted
      mkfifo pipe; timeout 20 cat pipe > piped.svg & timeout 20 "$SKEIN" plot activations --out pipe
      wait; cmp piped.svg whole.svg && [ -p pipe ] && echo piped
      echo kept > log; "$SKEIN" plot activations --out /dev/stdout >> log
      (echo kept; cat whole.svg) | cmp - log && echo appended
      echo old > target; chmod 640 target; ln -s target link; ln -s new dangling
      "$SKEIN" plot activations --out link && "$SKEIN" plot activations --out dangling
      [ -L link ] && [ -L dangling ] && cmp target whole.svg && cmp new whole.svg && echo linked
      [ "$(stat -c %a target)" = 640 ] && echo permissions
      "$SKEIN" plot activations --out /dev/null; [ -c /dev/null ] && echo device
      "$SKEIN" plot activations --out none/x.svg; echo "code $?"
      "$SKEIN" plot activations --out /dev/full; echo "code $?"
      "$SKEIN" plot activations --out /dev/fd/77; echo "code $?"
      ls -a | grep tmp- && echo litter
      """)
    let text = result.text
    for word in ["substituted", "piped", "appended", "linked", "permissions", "device"] {
      #expect(text.split(separator: "\n").contains(Substring(word)), "\(word)\n\(text)")
    }
    #expect(text.contains("skein: cannot write none/x.svg: No such file or directory\ncode 4"))
    #expect(text.contains("skein: cannot write /dev/full: No space left on device\ncode 4"))
    #expect(text.contains("skein: cannot write /dev/fd/77: Bad file descriptor\ncode 4"))
    #expect(!text.contains("litter"))
  }
}
