extension Job {
  /// Checks a job that a program made as a job file is checked.
  ///
  /// A run keeps its job as `job.yaml` and reads it back when it continues, so every job must be
  /// one that a job file can say.
  ///
  /// - Throws: `JobErrors` with every value that a job file cannot have.
  public func check() throws(JobErrors) {
    let source = JobSource(name: "the program's job", hasLines: false)
    var reader = JobReader(defaults: .defaults(name: name))
    do {
      reader.read(try YamlParser.parse(yaml, source), source)
    } catch {
      throw JobErrors(errors: [error])
    }
    reader.finish(source)
    var errors = reader.errors
    if errors.isEmpty && reader.job != self {
      let changes = changes(from: reader.job)
      errors = (changes.isEmpty ? ["a value"] : changes).map {
        source.error("\($0): no job file can say that")
      }
    }
    guard errors.isEmpty else { throw JobErrors(errors: errors) }
  }
}
