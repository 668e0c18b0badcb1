import SkeinTraining

/// What must hold between the keys of a job: each rule names the key to blame.
struct JobRules {
  /// A rule that a job breaks.
  struct Fault {
    let key: String
    let message: String
    let suggestion: String
  }

  /// Everything that `job` breaks.
  ///
  /// - Parameter isSet: whether the job's author wrote a key.
  static func faults(of job: Job, isSet: (String) -> Bool) -> [Fault] {
    var faults = idleKeys(job, isSet)
    func check(_ key: String, _ isBroken: Bool, _ message: String, _ suggestion: String) {
      if isBroken { faults.append(Fault(key: key, message: message, suggestion: suggestion)) }
    }
    check(
      "optimizer.nesterov",
      job.optimizer.kind == .sgd && job.optimizer.nesterov && job.optimizer.momentum == 0,
      "Nesterov's momentum needs an optimizer.momentum above 0", "set it, to 0.9 for instance")
    let schedule = job.schedule
    check(
      "schedule.every", schedule.kind == .step && schedule.every == nil,
      "a schedule of kind step needs it: epochs between two falls", "write every: and a number")
    check(
      "schedule.factor", schedule.kind == .exponential && schedule.factor == nil,
      "a schedule of kind exponential needs it: what the rate is multiplied by after an epoch",
      "write factor: and a number below 1")
    if let loss = job.loss {
      check(
        "loss", loss.labelSmoothing > 0 && loss.kind != .crossEntropy,
        "labelSmoothing is for crossEntropy, and this job's loss is \(loss.kind.rawValue)",
        "leave it out, or change the kind")
      check(
        "loss", loss.classWeights != nil && !loss.kind.fits(.classes(1)),
        "classWeights are for losses of classes, and \(loss.kind.rawValue) is one of values",
        "leave them out, or change the kind")
    }
    faults += scheduleLength(job)
    for (key, metric) in metrics(of: job) {
      let wantsValidation = metric == .validationLoss || metric == .validationAccuracy
      check(
        key, wantsValidation && job.data.validation == nil,
        "there are no validation samples", "set data.validation, to 0.1 for instance")
    }
    return faults
  }

  /// Keys that mean nothing in this job.
  private static func idleKeys(_ job: Job, _ isSet: (String) -> Bool) -> [Fault] {
    JobKey.all.compactMap { key in
      guard isSet(key.path), let condition = key.condition, !condition.holds(job) else {
        return nil
      }
      let kind =
        key.section == "schedule" ? job.schedule.kind.rawValue : job.optimizer.kind.rawValue
      return Fault(
        key: key.path, message: "it is for \(condition.text), and this job's is \(kind)",
        suggestion: "leave it out, or change \(key.section).kind")
    }
  }

  /// Schedules that last longer than the training.
  private static func scheduleLength(_ job: Job) -> [Fault] {
    let (schedule, epochs) = (job.schedule, job.training.epochs)
    // No step is taken, so nothing is missed.
    if epochs == 0 { return [] }
    var faults: [Fault] = []
    func check(_ key: String, _ isBroken: Bool, _ message: String) {
      guard isBroken else { return }
      faults.append(
        Fault(
          key: key, message: message + ": the training has \(epochs) epochs",
          suggestion: "make it shorter, or set training.epochs"))
    }
    check(
      "schedule.warmupEpochs", schedule.warmupEpochs >= Double(epochs),
      "the rise never ends")
    let left = Double(epochs) - schedule.warmupEpochs
    check(
      "schedule.every",
      schedule.kind == .step && schedule.every.map { Double($0) >= left } ?? false,
      "the rate never falls")
    check(
      "schedule.patience", schedule.kind == .plateau && schedule.patience >= epochs - 1,
      "the rate never falls")
    return faults
  }

  /// The keys that name a metric, with the metric.
  private static func metrics(of job: Job) -> [(String, BestMetric?)] {
    [
      ("checkpoint.best", job.checkpoint.best),
      ("schedule.metric", job.schedule.kind == .plateau ? job.schedule.metric : nil),
      ("training.earlyStop", job.training.earlyStop?.metric),
    ]
  }
}
