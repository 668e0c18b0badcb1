import SkeinConfig
import SkeinFiles
import SkeinModel
import SkeinSafetensors
import SkeinWorkers

extension Job {
  /// The model that this job trained on samples of `data`.
  ///
  /// - Parameter file: where `data` is from, for messages.
  /// - Throws: `FormatError` for samples that are none, `JobLimitError` where the machine has
  ///   not the memory for the parameters.
  public func architecture(of data: RunData, file: String) throws -> Architecture {
    guard let inputs = data.sampleSize, !data.classes.isEmpty else {
      throw FormatError(
        file: file, what: "sample shape", expected: "the dimensions of a sample",
        found: "\(data.shape.prefix(8))", advice: "take the file from a copy of the run")
    }
    let widths = [inputs] + model.hidden + [data.classes.count]
    let parameters = zip(widths, widths.dropFirst()).map { (Double($0) + 1) * Double($1) }
    let (needed, available) = (4 * parameters.reduce(0, +), Machine.availableMemory)
    guard needed < available else {
      throw JobLimitError.memory(needed: needed, available: available, largestPart: "parameters")
    }
    return Architecture(
      inputs: inputs, hidden: model.hidden, outputs: data.classes.count,
      activation: model.activation)
  }
}
