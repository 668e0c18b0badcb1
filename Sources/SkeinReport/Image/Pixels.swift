/// How the elements of a sample lie in a picture, and how they become greys: [h, w] as it is, [n]
/// as one row, [h, w, c] and [c, h, w] with 1, 3 or 4 channels as the mean of the channels,
/// anything else as [h, the rest].
struct Pixels {
  let width: Int
  let height: Int
  private let channels: Int
  private let pixelStride: Int
  private let channelStride: Int

  /// - Precondition: the dimensions are positive.
  init(_ shape: [Int]) {
    let size = shape.reduce(1, *)
    let first = shape.first ?? 1
    if shape.count == 3, [1, 3, 4].contains(shape[2]) {
      (height, width, channels) = (shape[0], shape[1], shape[2])
      (pixelStride, channelStride) = (shape[2], 1)
    } else if shape.count == 3, [1, 3, 4].contains(first) {
      (height, width, channels) = (shape[1], shape[2], first)
      (pixelStride, channelStride) = (1, shape[1] * shape[2])
    } else {
      height = shape.count == 1 ? 1 : first
      width = size / max(height, 1)
      (channels, pixelStride, channelStride) = (1, 1, 0)
    }
  }

  /// The mean over the channels of every pixel of `elements`, row by row.
  func means(_ elements: [Float]) -> [Float] {
    (0..<(width * height)).map { pixel in
      var sum: Float = 0
      for channel in 0..<channels { sum += elements[pixel * pixelStride + channel * channelStride] }
      return sum / Float(channels)
    }
  }

  /// A sample as a picture: black for `low`, white for `high`.
  func grey(_ elements: [Float], low: Float, high: Float) -> [UInt8] {
    let range = max(high - low, .leastNormalMagnitude)
    let levels = means(elements).map { value -> UInt8 in
      let level = (value - low) / range * 255
      return level.isFinite ? UInt8(max(0, min(255, level.rounded()))) : 0
    }
    return enlarged(levels, channels: 1)
  }

  /// Weights as a picture: white for 0, blue for the largest positive and red for the largest
  /// negative one could be.
  func signed(_ weights: [Float]) -> [UInt8] {
    let means = means(weights)
    let largest = max(means.reduce(0) { max($0, abs($1)) }, .leastNormalMagnitude)
    let (positive, negative): ([Float], [Float]) = ([47, 109, 181], [201, 84, 44])
    let colours = means.flatMap { value -> [UInt8] in
      let share = abs(value) / largest
      let tint = value > 0 ? positive : negative
      return tint.map { UInt8(max(0, min(255, (255 + ($0 - 255) * share).rounded()))) }
    }
    return enlarged(colours, channels: 3)
  }

  /// The picture with every pixel repeated where there are few of them: some viewers smooth
  /// pictures, and then few pixels would melt into one.
  private func enlarged(_ bytes: [UInt8], channels: Int) -> [UInt8] {
    let factor = max(width, height) < 24 ? 8 : 1
    var result: [UInt8] = []
    for row in 0..<(height * factor) {
      for column in 0..<(width * factor) {
        let start = (row / factor * width + column / factor) * channels
        result += bytes[start..<(start + channels)]
      }
    }
    return PNG.encode(result, width: width * factor, height: height * factor)
  }
}
