import SkeinConfig
import SkeinFiles
import SkeinModel
import SkeinWorkers

extension Job {
  /// The network that this job trains on samples of `inputs` elements, with an output per class or
  /// value.
  func network(inputs: Int, outputs: Int) -> Network {
    Network(model.layers(outputs: outputs), input: [inputs])
  }

  /// The network that this job trains on samples of `data`.
  ///
  /// - Parameter file: the path that `data` is from, for messages.
  /// - Throws: `FormatError` where `data` cannot describe samples, `JobLimitError` where the
  ///   parameters do not fit the machine's memory.
  public func network(of data: RunData, file: String) throws -> Network {
    guard let inputs = data.sampleSize, data.target.outputs > 0 else {
      throw FormatError(
        file: file, what: "sample shape", expected: "the dimensions of a sample",
        found: "\(data.shape.prefix(8))", advice: "take the file from a copy of the run")
    }
    let layers = model.layers(outputs: data.target.outputs)
    let needed = 4 * NetworkSize(layers, input: [inputs]).parameters
    let available = Machine.availableMemory
    guard needed < available else {
      throw JobLimitError.memory(needed: needed, available: available, largestPart: "parameters")
    }
    return network(inputs: inputs, outputs: data.target.outputs)
  }
}
