extension Job {
  /// Every key that a run's bits or files depend on, with its value: a line each.
  package var essence: String {
    JobKey.all.filter { !$0.isFree }
      .map { "\($0.path): \($0.write(self) ?? "none")\n" }.joined()
  }

  /// Which of those keys differ from `other`'s, each as "training.epochs: 10 → 20".
  public func changes(from other: Job) -> [String] {
    JobKey.all.filter { !$0.isFree }.compactMap { key in
      let (old, new) = (key.write(other) ?? "none", key.write(self) ?? "none")
      return old == new ? nil : "\(key.path): \(old) → \(new)"
    }
  }
}
