import SkeinRecord

extension [EpochRecord] {
  /// The same epochs, with the axes of their planes aligned from epoch to epoch.
  ///
  /// A principal axis has no sign of its own. So an axis is flipped where it points against the
  /// same axis of the epoch before.
  func aligned() -> [EpochRecord] {
    var previous: [Float] = []
    return map { network in
      var network = network
      guard !network.plane.isEmpty else { return network }
      if previous.count == network.plane.count {
        for axis in 0..<2 {
          let along = stride(from: axis, to: previous.count, by: 2)
          let product = along.reduce(0.0) {
            $0 + Double(previous[$1]) * Double(network.plane[$1])
          }
          if product < 0 { for index in along { network.plane[index].negate() } }
        }
      }
      previous = network.plane
      return network
    }
  }
}
