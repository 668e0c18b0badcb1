import Foundation
import SkeinRecord
import SwiftProtobuf

/// What TensorBoard shows, as framed records.
public enum Events {
  /// The first record of a file.
  public static func version(time: Double) throws -> [UInt8] {
    var event = Tensorboard_Event()
    event.wallTime = time
    event.fileVersion = "brain.Event:2"
    return RecordFraming.frame(try event.serializedBytes())
  }

  /// One number per tag.
  public static func scalars(
    _ values: [(tag: String, value: Double)], step: Int, time: Double
  ) throws -> [UInt8] {
    try record(step, time, values) { entry, value in
      entry.tag = value.tag
      entry.simpleValue = Float(value.value)
    }
  }

  /// One histogram per tag.
  public static func histograms(
    _ values: [(tag: String, histogram: Histogram)], step: Int, time: Double
  ) throws -> [UInt8] {
    try record(step, time, values) { entry, value in
      entry.tag = value.tag
      entry.histo = Tensorboard_HistogramProto(value.histogram)
    }
  }

  /// One sample per tag, as a PNG picture.
  ///
  /// - Parameter shape: the dimensions of a sample.
  public static func images(
    _ values: [(tag: String, elements: [Float])], shape: [Int], low: Float, high: Float, step: Int,
    time: Double
  ) throws -> [UInt8] {
    let pixels = Pixels(shape)
    return try record(step, time, values) { entry, value in
      entry.tag = value.tag
      entry.image.width = Int32(clamping: pixels.width)
      entry.image.height = Int32(clamping: pixels.height)
      entry.image.colorspace = 1
      entry.image.encodedImageString = Data(pixels.grey(value.elements, low: low, high: high))
    }
  }

  /// A text, which is shown as it is: TensorBoard reads Markdown, and there an indented block is
  /// code.
  public static func text(
    _ text: String, tag: String, step: Int, time: Double
  ) throws -> [UInt8] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let block = lines.map { "    " + $0 }.joined(separator: "\n")
    return try record(step, time, [tag]) { entry, tag in
      entry.tag = tag
      entry.metadata.pluginData.pluginName = "text"
      entry.tensor.dtype = .dtString
      entry.tensor.tensorShape.dim = [.with { $0.size = 1 }]
      entry.tensor.stringVal = [Data(block.utf8)]
    }
  }

  /// The record that begins a session at `step`: readers drop what has that step or a later one, in
  /// earlier files too, because it is written anew.
  public static func start(step: Int, time: Double) throws -> [UInt8] {
    var event = Tensorboard_Event()
    event.wallTime = time
    event.step = Int64(step)
    event.sessionLog.status = .start
    return RecordFraming.frame(try event.serializedBytes())
  }

  private static func record<Value>(
    _ step: Int, _ time: Double, _ values: [Value],
    _ fill: (inout Tensorboard_Summary.Value, Value) -> Void
  ) throws -> [UInt8] {
    var event = Tensorboard_Event()
    event.wallTime = time
    event.step = Int64(step)
    event.summary.value = values.map { value in
      var entry = Tensorboard_Summary.Value()
      fill(&entry, value)
      return entry
    }
    return RecordFraming.frame(try event.serializedBytes())
  }
}

extension Tensorboard_HistogramProto {
  init(_ histogram: Histogram) {
    self.init()
    let (low, high) = (Double(histogram.low), Double(histogram.high))
    (min, max) = (low, high)
    num = Double(histogram.total)
    sum = histogram.sum
    sumSquares = histogram.sumOfSquares
    let width = (high - low) / Double(Swift.max(histogram.counts.count, 1))
    guard width > 0 else {
      // All values are one: one bucket that holds it.
      (bucketLimit, bucket) = ([high.nextUp], [num])
      return
    }
    bucketLimit = histogram.counts.indices.map { index in
      index == histogram.counts.count - 1
        ? high : low + Double(index + 1) * width
    }
    bucket = histogram.counts.map(Double.init)
  }
}
