/// How the elements of a sample become the pixels of a picture. The sample's shape decides:
///
/// - [h, w]: an element per pixel.
/// - [n]: one row.
/// - [h, w, c] and [c, h, w] with 1, 3 or 4 channels: the mean of the channels.
/// - Any other shape: h rows, with all elements of the other dimensions in a row.
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

  /// The mean over the channels of every pixel, row by row. O(elements).
  func means(_ elements: [Float]) -> [Float] {
    (0..<(width * height)).map { pixel in
      var sum: Float = 0
      for channel in 0..<channels { sum += elements[pixel * pixelStride + channel * channelStride] }
      return sum / Float(channels)
    }
  }

  /// A sample as a PNG picture: black for `low`, white for `high`.
  func grey(_ elements: [Float], low: Float, high: Float) -> [UInt8] {
    let range = max(high - low, .leastNormalMagnitude)
    let levels = means(elements).map { value -> UInt8 in
      let level = (value - low) / range * 255
      return level.isFinite ? UInt8(max(0, min(255, level.rounded()))) : 0
    }
    return enlarged(levels, channels: 1)
  }

  /// Weights as a PNG picture: white for 0, blue for positive and red for negative. The weight of
  /// the largest magnitude has the full colour.
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

  /// The bytes of a PNG file. In a small picture each pixel is repeated 8 × 8 times, because some
  /// viewers smooth pictures and would blur it.
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
