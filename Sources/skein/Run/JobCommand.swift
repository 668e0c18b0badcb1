import ArgumentParser
import SkeinConfig

/// `skein help job`: a page on job files.
struct JobCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "job",
    abstract: "Explain job files: every key, its values and its default.",
    discussion: """
      A job file is YAML. It says what to train, on what, and how:

        data: {path: ../Datasets/digits, scale: 255, validation: 0.1}
        model: {hidden: [128, 64]}
        optimizer: {kind: adamW, learningRate: 0.002}
        schedule: {kind: oneCycle}
        training: {epochs: 10, batchSize: 64, earlyStop: {patience: 3}}

      Only data.path and model.hidden have to be there. Paths are relative to the job file. Each \
      key can be set on the command line too: --set optimizer.learningRate=0.01. Unknown keys and \
      values out of range are errors, which skein check JOB tells all at once.

      Example:
        skein check Configs/digits.yaml --set optimizer.kind=adamW
        skein plot schedule Configs/digits.yaml --set schedule.kind=cosine

      \(Job.help)
      """)

  func run() throws { throw CleanExit.helpRequest(self) }
}
