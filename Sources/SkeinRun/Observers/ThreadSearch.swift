/// Looks for the fastest number of workers, by trial: it says how many workers the next turn of
/// steps is to have, given how long the turns so far took. It knows no clock and no thread.
///
/// The best count so far is the champion. It and a challenger take turns, so that what happens to
/// the machine meanwhile happens to both. Challengers lie at a distance above and below the
/// champion; a whole search halves the distance when nobody wins any more. So of n counts it tries
/// about 2 · log₂ n, and any of them can win. Speed is taken to rise and then to fall with the
/// number of workers, or nearly so.
struct ThreadSearch {
  /// The fastest count so far. It begins with all workers: if training takes long, they are needed.
  private(set) var champion: Int
  /// The seconds per step of the counts that the last search has tried: medians.
  private(set) var trials: [Int: Double] = [:]
  /// How much longer the turns of the last search's challengers took than the champion would have
  /// taken for their steps, in seconds.
  private(set) var loss = 0.0

  private let workers: Int
  /// 1, 2, 4, … below the number of workers.
  private let distances: [Int]
  private var looks = 0
  private var duel: Duel?
  private var distance = 0
  private var isWhole = false
  private var challengers: [Int] = []

  /// - Parameter workers: the largest count, > 0.
  init(workers: Int) {
    self.workers = workers
    champion = workers
    distances = Array(sequence(first: 1) { 2 * $0 }.prefix { $0 < workers })
  }

  /// Whether a search goes on.
  var isUnderWay: Bool { duel != nil }

  /// How many workers the next turn is to have.
  var next: Int { duel?.next ?? champion }

  /// Begins a search: a whole one, from the largest distance on, or a look at one distance, each
  /// time the next one, which becomes a whole search if somebody wins there.
  mutating func begin(isWhole: Bool) {
    guard let largest = distances.last else { return }
    (trials, loss, self.isWhole) = ([:], 0, isWhole)
    distance = isWhole ? largest : distances[looks % distances.count]
    if !isWhole { looks += 1 }
    aim()
    advance()
  }

  /// Takes the time of a turn with `next` workers.
  mutating func turnEnded(secondsPerStep: Double, steps: Int) {
    guard let isWon = duel?.add(secondsPerStep, steps: steps), let duel else { return }
    let (champions, challengers) = duel.medians
    trials[champion] = champions
    trials[duel.challenger] = challengers
    loss += duel.loss
    if isWon {
      (champion, isWhole) = (duel.challenger, true)
      aim(without: duel.champion)
    }
    advance()
  }

  /// Names the challengers at the present distance, the smaller one first.
  private mutating func aim(without beaten: Int? = nil) {
    challengers = [champion - distance, champion + distance].filter {
      (1...workers).contains($0) && $0 != beaten
    }
  }

  /// Goes on to the next challenger, or ends the search.
  private mutating func advance() {
    while challengers.isEmpty && isWhole && distance > 1 {
      distance /= 2
      aim()
    }
    duel = challengers.isEmpty ? nil : Duel(champion, challengers.removeFirst())
  }
}

/// Turns of a champion and of a challenger, one after the other.
private struct Duel {
  /// How many pairs of turns decide.
  private static let pairs = 5

  let champion: Int
  let challenger: Int
  /// How much longer the challenger has taken than the champion would have, in seconds.
  private(set) var loss = 0.0
  private var champions: [Double] = []
  private var challengers: [Double] = []

  init(_ champion: Int, _ challenger: Int) {
    (self.champion, self.challenger) = (champion, challenger)
  }

  /// Who has the next turn: the champion first.
  var next: Int { champions.count == challengers.count ? champion : challenger }

  /// The medians of both, in seconds per step.
  var medians: (champion: Double, challenger: Double) {
    (Self.median(champions), Self.median(challengers))
  }

  /// Takes the time of the next turn.
  ///
  /// - Returns: whether the challenger has won; nil while that is open.
  mutating func add(_ secondsPerStep: Double, steps: Int) -> Bool? {
    guard champions.count > challengers.count else {
      champions.append(secondsPerStep)
      return nil
    }
    loss += max(0, secondsPerStep - (champions.last ?? 0)) * Double(steps)
    challengers.append(secondsPerStep)
    let ratios = zip(challengers, champions).map { $0 / max($1, 1e-12) }
    // What is clear needs no further turns: they may be expensive.
    if ratios.count == 2 {
      if ratios.allSatisfy({ $0 > 1.25 }) { return false }
      if ratios.allSatisfy({ $0 < 0.8 }) { return true }
    }
    return ratios.count == Self.pairs ? Self.median(ratios) <= limit : nil
  }

  /// The largest ratio of times at which the challenger wins. A gain within noise is not worth
  /// another worker, and to change there and back is not worth anything. Counts that lie close
  /// together differ little: a smaller one that may be slower would win again and again.
  private var limit: Double {
    let (fewer, more) = (min(champion, challenger), max(champion, challenger))
    guard 3 * more >= 4 * fewer else { return 0.98 }
    return challenger < champion ? 1.03 : 0.95
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
