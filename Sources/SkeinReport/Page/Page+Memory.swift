extension Page {
  /// The bytes that drawing a page takes beside the numbers that it is drawn from, approximately.
  ///
  /// These are copies of the page's text: numbers in base 64, JSON in a buffer that doubles as it
  /// grows, the JSON as a text, the whole page as a text and as bytes. Measured with pages of 3 to
  /// 22 MiB it is 4.5 to 6 times the page.
  ///
  /// - Parameters:
  ///   - networks: how many epochs are recorded, in 6 bits per weight.
  ///   - weights: of one network. One epoch's are exact.
  ///   - neurons: of one network. Each has a scale and a bias.
  ///   - mistakes: the bytes of the samples that an epoch's mistakes have.
  ///   - samples: the bytes of the samples that a run keeps.
  package static func memory(
    networks: Double, weights: Double, neurons: Double, mistakes: Double, samples: Double
  ) -> Double {
    // Four bytes are 16/3 characters of base 64.
    let exact = 16.0 / 3 * weights
    let isExact = exact <= Double(PageBudget.largest)
    let one = weights + 16.0 / 3 * neurons
    let room = (Double(PageBudget.standard) - (isExact ? exact : 0)) / max(one, 1)
    let rounded = min(networks, max(isExact ? 0 : 1, room.rounded(.down)))
    let others = 16.0 / 3 * neurons + 4.0 / 3 * mistakes
    let characters =
      (isExact ? exact + others : 0) + rounded * (one + others) + 4.0 / 3 * samples
      + Double(fixed)
    return 6 * characters
  }

  /// About the characters of the page's style and script, and of what is small.
  private static var fixed: Int { 200_000 }
}
