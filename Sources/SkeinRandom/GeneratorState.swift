extension MersenneTwister {
  /// Everything the generator remembers, as plain numbers for a checkpoint.
  public struct State: Sendable, Equatable {
    /// The 624 state words.
    public var words: [UInt32]
    /// How many of them have been used since the last refill, 0…624.
    public var position: Int
    /// The waiting half of a Box-Muller pair.
    public var pendingNormal: Double?

    /// The state as it was saved; whether a generator can have it, `MersenneTwister` finds out.
    public init(words: [UInt32], position: Int, pendingNormal: Double?) {
      self.words = words
      self.position = position
      self.pendingNormal = pendingNormal
    }
  }

  /// The present state; `MersenneTwister(state)` goes on from it.
  public var state: State {
    State(words: words, position: position, pendingNormal: pendingNormal)
  }

  /// Goes on where `state` was taken. Nil for a state that no generator can have.
  public init?(_ state: State) {
    guard state.words.count == Self.stateCount, (0...Self.stateCount).contains(state.position)
    else { return nil }
    words = state.words
    position = state.position
    pendingNormal = state.pendingNormal
  }
}
