import SkeinConfig
import SkeinData
import SkeinFiles
import SkeinModel

/// A key of a job has a value that does not fit the dataset's targets. The command line ends with
/// exit code 2.
public struct JobTargetError: ExitCoded, Sendable, CustomStringConvertible {
  /// The exit code of the command line for this error.
  public var exitCode: Int32 { 2 }

  /// What does not fit.
  enum Fault: Sendable {
    /// The value is for another kind of targets.
    case kind
    /// Class weights, where targets are values.
    case weightsOfValues
    /// Class weights of another number than there are classes.
    case weightCount(Int)
    /// The weight of a class that is none of the dataset's.
    case unknownClass
  }

  /// The path of the key, such as "loss".
  public let key: String
  /// Its value.
  public let value: String
  let fault: Fault
  let manifest: Manifest

  init(_ fault: Fault, key: String, value: String, manifest: Manifest) {
    (self.fault, self.key, self.value, self.manifest) = (fault, key, value, manifest)
  }

  /// What does not fit, and what to write, in one line.
  public var description: String {
    let dataset = manifest.name.printable()
    let classes = counted(manifest.classes.count, "class", "classes")
    switch fault {
    case .kind: return otherKind(dataset)
    case .weightsOfValues:
      return "\(key): classWeights are for classes, and the targets of \(dataset) are "
        + "\(counted(manifest.target.outputs, "value")): leave them out"
    case .weightCount(let count):
      return "\(key): \(counted(count, "class weight")), and \(dataset) has \(classes): "
        + "\(listed(manifest.classes)); give each a number, or name those that differ from 1"
    case .unknownClass:
      let near = Spelling.nearest(to: value, among: manifest.classes)
      return "\(key): classWeights name '\(value.printable(limit: 80))', which is no class of "
        + "\(dataset): "
        + (near.map { "did you mean '\($0.printable(limit: 80))'?" }
          ?? "its \(classes) are \(listed(manifest.classes))")
    }
  }

  private func listed(_ names: [String]) -> String {
    names.prefix(8).map { $0.printable(limit: 40) }.joined(separator: ", ")
      + (names.count > 8 ? ", …" : "")
  }

  private func otherKind(_ dataset: String) -> String {
    let fitting = Loss.allCases.filter { $0.fits(manifest.target) }.map(\.rawValue)
    let losses = fitting.dropLast().joined(separator: ", ") + " or " + (fitting.last ?? "")
    guard let targets = manifest.targets else {
      return "\(key): \(value) is for values, and the targets of \(dataset) are "
        + "\(counted(manifest.classes.count, "class", "classes")): write \(losses); where its "
        + "labels are quantities, pack them with skein data pack --regression"
    }
    return "\(key): \(value) is for classes, and the targets of \(dataset) are "
      + "\(counted(targets.names.count, "value")) (\(listed(targets.names))): write "
      + (key == "loss"
        ? "\(losses), or leave it out for \(Loss.standard(for: manifest.target).rawValue)"
        : "testLoss or trainLoss")
  }
}
