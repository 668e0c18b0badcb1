import Foundation
import SkeinFiles

extension Job {
  /// Reads a job file, and lets settings as `optimizer.learningRate=0.01` win over it.
  ///
  /// A value of a setting is YAML; of several settings of one key the last wins. A `data.path` of
  /// the file is relative to the file's folder, one of a setting to the current folder.
  /// - Throws: `JobErrors` with everything that is wrong, each with its place: a file that is no
  ///   regular file, is larger than 1 MiB or not UTF-8; what is not YAML; anchors, aliases, tags,
  ///   deep nesting; keys that are unknown, repeated or missing; values of the wrong type or out of
  ///   range. Nothing of the dataset is looked at.
  /// - Complexity: O(length of the file); it never waits.
  public static func load(
    path: String, settings: [String] = []
  ) throws(JobErrors) -> LoadedJob {
    let source = JobSource(name: path, hasLines: true)
    let root: YamlNode?
    do {
      root = try YamlParser.parse(JobFile.text(at: path), source)
    } catch {
      throw JobErrors(errors: [error])
    }
    let folder = JobPath.folder(of: path, in: currentFolder)
    var reader = JobReader(defaults: .defaults(name: stem(of: path)))
    reader.read(root, source)
    for setting in settings { reader.read(setting: setting) }
    reader.finish(source)
    var job = reader.job
    var errors = reader.errors
    if reader.origins["name"] == nil, !errors.contains(where: { $0.message.hasPrefix("name:") }) {
      errors += nameErrors(job.name, source)
    }
    guard errors.isEmpty else { throw JobErrors(errors: sorted(errors)) }
    switch reader.origins["data.path"] {
    case _ where job.data.path.isEmpty: break
    case .setting: job.data.path = JobPath.resolve(job.data.path, from: currentFolder)
    default: job.data.path = JobPath.resolve(job.data.path, from: folder)
    }
    let origins = Dictionary(
      uniqueKeysWithValues: JobKey.all.map { ($0.path, reader.origins[$0.path] ?? .default) })
    return LoadedJob(job: job, origins: origins, path: path)
  }

  /// A job in which only required keys are missing.
  static func defaults(name: String) -> Job {
    Job(name: name, data: DataOptions(path: ""), model: ModelOptions(hidden: []))
  }

  private static var currentFolder: String { PathBytes.currentFolder ?? "." }

  /// "digits" of "Configs/digits.yaml".
  private static func stem(of path: String) -> String {
    URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
  }

  /// What is wrong with a file's stem as a name.
  private static func nameErrors(_ name: String, _ source: JobSource) -> [JobError] {
    do {
      let node = YamlNode(place: .start, content: .scalar(name, isPlain: false))
      _ = try ValueFormat.name.read(node)
      return []
    } catch {
      return [
        source.error(
          at: .start, "name: the file's own name does not do: expected \(error.expected)",
          text: name, suggestion: "write name: and another one")
      ]
    }
  }

  /// The file's errors by their place, then the settings' in their order.
  private static func sorted(_ errors: [JobError]) -> [JobError] {
    func key(_ index: Int) -> (Int, Int, Int) {
      (errors[index].line ?? .max, errors[index].column ?? .max, index)
    }
    return errors.indices.sorted { key($0) < key($1) }.map { errors[$0] }
  }
}
