import Foundation
import SkeinRecord
import SwiftProtobuf

/// TensorBoard's records, each in its frame.
///
/// All functions throw an error of SwiftProtobuf where it cannot encode the record. Times are in
/// seconds since 1970.
public enum Events {
  /// The first record of a file.
  public static func version(time: Double) throws -> [UInt8] {
    var event = Tensorboard_Event()
    event.wallTime = time
    event.fileVersion = "brain.Event:2"
    return RecordFraming.frame(try event.serializedBytes())
  }

  /// A record with one number per tag.
  public static func scalars(
    _ values: [(tag: String, value: Double)], step: Int, time: Double
  ) throws -> [UInt8] {
    try record(step, time, values) { entry, value in
      entry.tag = value.tag
      entry.simpleValue = Float(value.value)
    }
  }

  /// A record with one histogram per tag.
  public static func histograms(
    _ values: [(tag: String, histogram: Histogram)], step: Int, time: Double
  ) throws -> [UInt8] {
    try record(step, time, values) { entry, value in
      entry.tag = value.tag
      entry.histo = Tensorboard_HistogramProto(value.histogram)
    }
  }

  /// A record with one sample per tag, as a PNG picture.
  ///
  /// - Parameters:
  ///   - values: each sample's tag and elements.
  ///   - shape: the dimensions of a sample.
  ///   - low: the value that is black.
  ///   - high: the value that is white.
  ///   - step: the step that the record belongs to.
  ///   - time: when it is written.
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

  /// A record with a text that is shown as it is. TensorBoard reads Markdown, so the text is
  /// indented, which makes it a block of code.
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

  /// The record that begins a session at `step`. Readers drop all records of this step and of later
  /// steps, in earlier files too, because the session writes them again.
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
      // All values are equal: one bucket holds them.
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
