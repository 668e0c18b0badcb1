extension Job {
  /// The keys that a run's bits or files depend on, with their values: a line for each, but
  /// for keys that runs had to be begun without and that change nothing.
  package var essence: String {
    JobKey.all.filter {
      !$0.isFree && ($0.before == nil || ($0.write(self) ?? "none") != $0.before)
    }
    .map { "\($0.path): \($0.write(self) ?? "none")\n" }.joined()
  }

  /// The differences between this job and `other`, such as "training.epochs: 10 → 20". Only keys
  /// that a run's bits or files depend on are compared.
  public func changes(from other: Job) -> [String] {
    JobKey.all.filter { !$0.isFree }.compactMap { key in
      let (old, new) = (key.write(other) ?? "none", key.write(self) ?? "none")
      return old == new ? nil : "\(key.path): \(old) → \(new)"
    }
  }
}
