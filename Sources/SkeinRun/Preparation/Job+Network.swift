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
  public func network(of data: RunData, file: String) throws -> Network {
    guard let inputs = data.sampleSize, !data.classes.isEmpty else {
      throw FormatError(
        file: file, what: "sample shape", expected: "the dimensions of a sample",
        found: "\(data.shape.prefix(8))", advice: "take the file from a copy of the run")
    }
    let layers = model.layers(outputs: data.classes.count)
    let needed = 4 * NetworkSize(layers, input: [inputs]).parameters
    let available = Machine.availableMemory
    guard needed < available else {
      throw JobLimitError.memory(needed: needed, available: available, largestPart: "parameters")
    }
    return Network(layers, input: [inputs])
  }
}
