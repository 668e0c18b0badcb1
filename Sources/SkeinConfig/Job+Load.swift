import Foundation
import SkeinFiles

extension Job {
  /// Reads a job file and applies settings to it, such as `optimizer.learningRate=0.01`. They win
  /// over the file.
  ///
  /// The value of a setting is YAML. Of several settings for one key the last one wins. A relative
  /// `data.path` starts from the folder of the job file, or from the current folder where a setting
  /// gives it. The dataset itself is not looked at.
  ///
  /// - Parameters:
  ///   - path: the job file.
  ///   - settings: each as `key=value`.
  /// - Throws: `JobErrors` with everything that is wrong, each error with its place: a file that is
  ///   not a regular file, is larger than 1 MiB or is not UTF-8; a text that is not YAML; anchors,
  ///   aliases, tags and deep nesting; keys that are unknown, repeated or missing; values of the
  ///   wrong type or out of range.
  /// - Complexity: O(length of the file). It never waits for a pipe.
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

  /// A job with all defaults. Its required keys are still missing.
  static func defaults(name: String) -> Job {
    Job(name: name, data: DataOptions(path: ""), model: ModelOptions(hidden: []))
  }

  private static var currentFolder: String { PathBytes.currentFolder ?? "." }

  /// The file's name without its ending: "digits" for "Configs/digits.yaml".
  private static func stem(of path: String) -> String {
    URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
  }

  /// Why the file's stem cannot be the job's name; empty where it can.
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

  /// The errors of the file, ordered by their places, then those of the settings, in their order.
  private static func sorted(_ errors: [JobError]) -> [JobError] {
    func key(_ index: Int) -> (Int, Int, Int) {
      (errors[index].line ?? .max, errors[index].column ?? .max, index)
    }
    return errors.indices.sorted { key($0) < key($1) }.map { errors[$0] }
  }
}
