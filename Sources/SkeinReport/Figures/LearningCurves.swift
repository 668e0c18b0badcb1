import SkeinRecord

/// Curves over the epochs of one run or of several.
public enum LearningCurves {
  /// Train and test loss per epoch.
  public static func loss(_ epochs: [EpochMetrics]) -> LineChart {
    chart(
      "Loss", "mean loss per sample", epochs, format: { NumberFormat.decimal($0, 4) },
      train: \.trainLoss, test: \.testLoss)
  }

  /// Train and test accuracy per epoch.
  public static func accuracy(_ epochs: [EpochMetrics]) -> LineChart {
    var chart = chart(
      "Accuracy", "share of samples answered right, %", epochs,
      format: { NumberFormat.percent($0, 2) }, train: \.trainAccuracy, test: \.testAccuracy)
    chart.yTick = percentTick
    return chart
  }

  /// The learning rate per epoch.
  ///
  /// - Parameter job: the job's learning rate, for epochs that did not record theirs.
  public static func learningRate(_ epochs: [EpochMetrics], job: Double) -> LineChart {
    var chart = LineChart(
      title: "Learning rate", xLabel: "epoch", yLabel: "step length along the gradient",
      series: [
        .init("", epochs.map { (Double($0.epoch), $0.learningRate ?? job) }, style: "plain")
      ])
    chart.includesZero = true
    return chart
  }

  /// Training samples per second, per epoch. The time of the evaluation does not count.
  public static func speed(_ epochs: [EpochMetrics]) -> LineChart {
    var chart = LineChart(
      title: "Speed", xLabel: "epoch", yLabel: "training samples per second",
      series: [
        .init(
          "", epochs.map { (Double($0.epoch), $0.samplesPerSecond) }, style: "plain",
          format: { NumberFormat.grouped(Int(min(max($0, 0), 1e15))) + " samples/s" })
      ])
    chart.includesZero = true
    return chart
  }

  /// Loss, accuracy, learning rate and speed in one picture: `skein plot curves`.
  ///
  /// - Parameters:
  ///   - name: the run's name, for the title.
  ///   - epochs: the run's epochs, ascending.
  ///   - learningRate: the job's learning rate.
  public static func figure(
    _ name: String, _ epochs: [EpochMetrics], learningRate: Double
  ) -> SVG {
    Panels.figure(
      title: "\(name): learning curves",
      [
        loss(epochs), accuracy(epochs), Self.learningRate(epochs, job: learningRate),
        speed(epochs),
      ])
  }

  /// Test accuracy and test loss of several runs, on one axis each: `skein plot compare`. A run
  /// without a test split shows its training numbers, and the picture says so.
  public static func compare(_ runs: [(name: String, epochs: [EpochMetrics])]) -> SVG {
    let areTested = runs.map { run in
      run.epochs.isEmpty || run.epochs.contains { $0.testAccuracy != nil }
    }
    let isMixed = Set(areTested).count > 1
    let samples = isMixed ? "test or training" : areTested.contains(false) ? "training" : "test"
    func chart(
      _ title: String, _ unit: String, test: KeyPath<EpochMetrics, Double?>,
      train: KeyPath<EpochMetrics, Double>
    ) -> LineChart {
      LineChart(
        title: title, xLabel: "epoch", yLabel: unit,
        series: runs.enumerated().map { index, run in
          // The end of a path tells more than its beginning.
          let name = run.name.count > 24 ? "…" + String(run.name.suffix(23)) : run.name
          // One line never shows both kinds of numbers.
          let points = run.epochs.compactMap { epoch in
            (areTested[index] ? epoch[keyPath: test] : epoch[keyPath: train])
              .map { (x: Double(epoch.epoch), y: $0) }
          }
          return .init(
            isMixed ? name + (areTested[index] ? ", test" : ", training") : name, points,
            style: PictureStyle.stroke(index), textStyle: PictureStyle.fill(index))
        })
    }
    var accuracy = chart(
      "Accuracy", "share of \(samples) samples answered right, %", test: \.testAccuracy,
      train: \.trainAccuracy)
    accuracy.yTick = percentTick
    let loss = chart(
      "Loss", "mean loss per \(samples) sample", test: \.testLoss, train: \.trainLoss)
    return Panels.figure(title: "\(runs.count) runs compared", [accuracy, loss], width: 560)
  }

  private static let percentTick: @Sendable (Double) -> String = {
    NumberFormat.short(($0 * 10_000).rounded() / 100)
  }

  private static func chart(
    _ title: String, _ unit: String, _ epochs: [EpochMetrics],
    format: @escaping @Sendable (Double) -> String,
    train: KeyPath<EpochMetrics, Double>, test: KeyPath<EpochMetrics, Double?>
  ) -> LineChart {
    let tested = epochs.compactMap { epoch in
      epoch[keyPath: test].map { (x: Double(epoch.epoch), y: $0) }
    }
    var series = [
      LineChart.Series(
        "train", epochs.map { (Double($0.epoch), $0[keyPath: train]) }, style: "train",
        textStyle: "trainText", format: format)
    ]
    if !tested.isEmpty {
      series.append(
        .init("test", tested, style: "test", textStyle: "testText", format: format))
    }
    return LineChart(title: title, xLabel: "epoch", yLabel: unit, series: series)
  }
}
