/// The line that shows a run as it goes: epoch, bar over the epoch's steps, loss, accuracy, speed,
/// time left.
///
///     epoch 3/10  ███████▌·······  loss 0.1633  accuracy 95.5 %  81 k samples/s  0:12 left
public struct ProgressLine: Sendable, Equatable {
  /// What the terminal can show.
  public struct Style: Sendable, Equatable {
    /// Whether it knows block characters; else `#` and `.`.
    public var hasBlocks: Bool
    public var hasColour: Bool

    public init(hasBlocks: Bool = true, hasColour: Bool = true) {
      self.hasBlocks = hasBlocks
      self.hasColour = hasColour
    }
  }

  /// The present epoch, from 1.
  public var epoch: Int
  public var epochs: Int
  /// Steps done in this epoch, and how many it has.
  public var batch: Int
  public var batches: Int
  /// Means over the epoch so far.
  public var loss: Double
  public var accuracy: Double
  public var samplesPerSecond: Double
  /// Until the last epoch is done; nil while nothing is known.
  public var secondsLeft: Double?

  public init(
    epoch: Int, epochs: Int, batch: Int, batches: Int, loss: Double, accuracy: Double,
    samplesPerSecond: Double, secondsLeft: Double?
  ) {
    self.epoch = epoch
    self.epochs = epochs
    self.batch = batch
    self.batches = batches
    self.loss = loss
    self.accuracy = accuracy
    self.samplesPerSecond = samplesPerSecond
    self.secondsLeft = secondsLeft
  }

  /// The line in at most `width` columns: what does not fit is left out, the least important first,
  /// and the bar takes what is left, up to 30 columns.
  public func text(width: Int, style: Style = Style()) -> String {
    let heads = ["epoch \(epoch)/\(epochs)", "\(epoch)/\(epochs)", "\(epoch)"]
    guard let head = heads.first(where: { $0.count <= width }) else { return "" }
    let speed = NumberFormat.speed(samplesPerSecond)
    let parts = [
      "loss \(NumberFormat.loss(loss))", "accuracy \(NumberFormat.decimal(accuracy * 100, 1)) %",
      secondsLeft.map { "\(Self.clock($0)) left" }, speed.isEmpty ? nil : speed + " samples/s",
    ].compactMap { $0 }
    var shown: [String] = []
    // The bar and its gap.
    var room = width - head.count - 2 - 6
    for part in parts where part.count + 2 <= room {
      shown.append(part)
      room -= part.count + 2
    }
    guard room >= 0 else { return head }
    let bar = bar(width: min(30, 6 + room), style)
    return ([head, bar] + shown).joined(separator: "  ")
  }

  private func bar(width: Int, _ style: Style) -> String {
    let share = batches > 0 ? min(1, max(0, Double(batch) / Double(batches))) : 0
    guard style.hasBlocks else {
      let full = Int(share * Double(width))
      return String(repeating: "#", count: full) + String(repeating: ".", count: width - full)
    }
    let eighths = Int(share * Double(width * 8))
    let (full, rest) = eighths.quotientAndRemainder(dividingBy: 8)
    var bar = String(repeating: "█", count: full)
    if rest > 0 { bar.append(Array("▏▎▍▌▋▊▉")[rest - 1]) }
    let empty = String(repeating: "·", count: width - full - (rest > 0 ? 1 : 0))
    guard style.hasColour else { return bar + empty }
    return "\u{1B}[34m\(bar)\u{1B}[39m\u{1B}[2m\(empty)\u{1B}[22m"
  }

  /// 0:12, 3:05, 2:00:10.
  static func clock(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds.isFinite ? seconds : 0, 0), 359_999).rounded(.up))
    let (hours, rest) = whole.quotientAndRemainder(dividingBy: 3600)
    let (minutes, last) = rest.quotientAndRemainder(dividingBy: 60)
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(last))" : "\(minutes):\(two(last))"
  }
}
