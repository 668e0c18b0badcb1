import Skein

/// The name of an error that `TrainingRun` or `TrainedRun` says it throws. Each of them is to have
/// one after `import Skein`: else this file does not compile.
func name(of error: any Error) -> String {
  switch error {
  case is ChangedRunError: "ChangedRunError"
  case is DataError: "DataError"
  case is FileSystemError: "FileSystemError"
  case is FormatError: "FormatError"
  case is JobErrors: "JobErrors"
  case is JobLimitError: "JobLimitError"
  case is NonFiniteError: "NonFiniteError"
  case is RunFolderError: "RunFolderError"
  case is RunInUseError: "RunInUseError"
  case is WorkerError: "WorkerError"
  case is WorkerStartError: "WorkerStartError"
  default: "an error without a name: \(error)"
  }
}

func makeMistakes() throws {
  let job = try trainLines()
  var other = job
  other.seed += 1
  let folder = RunFolder(path: "Runs/lines")
  expect("RunFolderError") { try TrainedRun(RunFolder(path: "Runs/none")) }
  expect("FormatError") { try TrainedRun(folder, checkpoint: "Configs/lines.yaml") }
  expect("ChangedRunError") { try TrainingRun(other, in: "Runs/lines") }
  expect("FileSystemError") { try TrainingRun(job, in: "Configs/lines.yaml/run") }
}

/// Prints a line where `body` throws another error than that, or none.
private func expect<Result>(_ expected: String, _ body: () throws -> Result) {
  do {
    _ = try body()
    print("no \(expected)")
  } catch {
    if name(of: error) != expected { print("\(name(of: error)) for \(expected)") }
  }
}
