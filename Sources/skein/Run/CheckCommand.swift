import ArgumentParser

/// `skein check JOB`: shows what a job file means.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Show what a job file means, without training.",
    discussion: """
      Prints the network with its parameters, the memory that training takes, how batches are cut, \
      and every key with its value and where the value comes from. Then it looks whether the \
      dataset's shard files are there, without reading them.

      Example:
        skein check Configs/digits.yaml --set model.hidden=[32,16]

      skein help job explains all keys.
      """)

  @OptionGroup var options: JobOptions

  func run() throws {
    let (loaded, prepared) = try options.prepare()
    // Errors in shard files come last, after everything that is known without the files.
    let hint = Result {
      try prepared.checkFiles()
      return try prepared.scaleHint()
    }
    let text = CheckText(loaded: loaded, prepared: prepared, scaleHint: try? hint.get())
    print(text.text(width: Terminal.columns))
    _ = try hint.get()
  }
}
