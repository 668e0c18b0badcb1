extension Job {
  /// The keys that change no bit of a run: how many threads work, which dataset it is and where it
  /// lies, since that has an identity of its own, and what is recorded to be looked at.
  private static let freeKeys: Set<String> = [
    "parallel.threads", "data.path", "data.synthetic", "report.history", "report.tensorBoard",
  ]

  /// Every key that a run's bits or files depend on, with its value: a line each.
  package var essence: String {
    JobKey.all.filter { !Self.freeKeys.contains($0.path) }
      .map { "\($0.path): \($0.write(self) ?? "none")\n" }.joined()
  }

  /// Which of those keys differ from `other`'s, each as "training.epochs: 10 → 20".
  public func changes(from other: Job) -> [String] {
    JobKey.all.filter { !Self.freeKeys.contains($0.path) }.compactMap { key in
      let (old, new) = (key.write(other) ?? "none", key.write(self) ?? "none")
      return old == new ? nil : "\(key.path): \(old) → \(new)"
    }
  }
}
