import SkeinRecord

/// Curves over the epochs of one run or of several.
public enum LearningCurves {
  /// Train, validation and test loss per epoch.
  public static func loss(_ epochs: [EpochMetrics]) -> LineChart {
    chart(
      "Loss", "mean loss per sample", epochs, format: { NumberFormat.decimal($0, 4) },
      train: { $0.trainLoss }, validation: { $0.validationLoss }, test: { $0.testLoss })
  }

  /// Train, validation and test accuracy per epoch; where targets are values, their errors.
  public static func accuracy(_ epochs: [EpochMetrics]) -> LineChart {
    if areOfValues(epochs) {
      return chart(
        "Error", "mean absolute error, in the targets' own units", epochs,
        format: NumberFormat.value, train: { $0.trainError },
        validation: { $0.validationError }, test: { $0.testError })
    }
    var chart = chart(
      "Accuracy", "share of samples answered right, %", epochs,
      format: { NumberFormat.percent($0, 2) }, train: { $0.trainAccuracy },
      validation: { $0.validationAccuracy }, test: { $0.testAccuracy })
    chart.yTick = percentTick
    return chart
  }

  /// The learning rate over the epochs.
  public static func learningRate(_ rates: [RatePoint]) -> LineChart {
    var chart = LineChart(
      title: "Learning rate", xLabel: "epoch", yLabel: "step length along the gradient",
      series: [.init("", rates.map { ($0.epoch, $0.rate) }, style: "plain")])
    chart.hasWholeX = rates.allSatisfy { $0.epoch == $0.epoch.rounded() }
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

  /// Loss, accuracy or error, learning rate and speed in one picture: `skein plot curves`.
  ///
  /// - Parameters:
  ///   - name: the run's name, for the title.
  ///   - epochs: the run's epochs, ascending.
  ///   - rates: the run's learning rates.
  public static func figure(
    _ name: String, _ epochs: [EpochMetrics], rates: [RatePoint]
  ) -> SVG {
    Panels.figure(
      title: "\(name): learning curves",
      [
        loss(epochs), accuracy(epochs), learningRate(rates), speed(epochs),
      ])
  }

  /// Whether targets are values, which have errors in place of accuracies.
  private static func areOfValues(_ epochs: [EpochMetrics]) -> Bool {
    epochs.first?.areOfValues ?? false
  }

  /// Test accuracy and test loss of several runs, on one axis each: `skein plot compare`. A run
  /// without a test split shows its training numbers, and the picture says so. Where targets are
  /// values there is the error in place of the accuracy; runs of both kinds give both charts.
  public static func compare(_ runs: [(name: String, epochs: [EpochMetrics])]) -> SVG {
    let ofClasses = runs.indices.filter { !areOfValues(runs[$0].epochs) }
    let ofValues = runs.indices.filter { areOfValues(runs[$0].epochs) }
    let areTested = runs.map { run in
      run.epochs.isEmpty || run.epochs.contains { $0.testLoss != nil }
    }
    func chart(
      _ title: String, _ unit: (_ samples: String) -> String, _ chosen: [Int],
      test: (EpochMetrics) -> Double?, train: (EpochMetrics) -> Double?
    ) -> LineChart {
      let isMixed = Set(chosen.map { areTested[$0] }).count > 1
      let areTraining = chosen.contains { !areTested[$0] }
      return LineChart(
        title: title, xLabel: "epoch",
        yLabel: unit(isMixed ? "test or training" : areTraining ? "training" : "test"),
        series: chosen.map { index in
          let run = runs[index]
          // The end of a path tells more than its beginning.
          let name = run.name.count > 24 ? "…" + String(run.name.suffix(23)) : run.name
          // One line never shows both kinds of numbers.
          let points = run.epochs.compactMap { epoch in
            (areTested[index] ? test(epoch) : train(epoch))
              .map { (x: Double(epoch.epoch), y: $0) }
          }
          return .init(
            isMixed ? name + (areTested[index] ? ", test" : ", training") : name, points,
            style: PictureStyle.stroke(index), textStyle: PictureStyle.fill(index))
        })
    }
    var charts: [LineChart] = []
    if !ofClasses.isEmpty || ofValues.isEmpty {
      var accuracy = chart(
        "Accuracy", { "share of \($0) samples answered right, %" }, ofClasses,
        test: { $0.testAccuracy }, train: { $0.trainAccuracy })
      accuracy.yTick = percentTick
      charts.append(accuracy)
    }
    if !ofValues.isEmpty {
      charts.append(
        chart(
          "Error", { "mean absolute error of \($0) samples, in the targets' own units" }, ofValues,
          test: { $0.testError }, train: { $0.trainError }))
    }
    charts.append(
      chart(
        "Loss", { "mean loss per \($0) sample" }, Array(runs.indices), test: { $0.testLoss },
        train: { $0.trainLoss }))
    return Panels.figure(title: "\(runs.count) runs compared", charts, width: 560)
  }

  private static let percentTick: @Sendable (Double) -> String = {
    NumberFormat.short(($0 * 10_000).rounded() / 100)
  }

  private static func chart(
    _ title: String, _ unit: String, _ epochs: [EpochMetrics],
    format: @escaping @Sendable (Double) -> String,
    train: @escaping (EpochMetrics) -> Double?,
    validation: @escaping (EpochMetrics) -> Double?, test: @escaping (EpochMetrics) -> Double?
  ) -> LineChart {
    func points(_ value: (EpochMetrics) -> Double?) -> [(x: Double, y: Double)] {
      epochs.compactMap { epoch in value(epoch).map { (x: Double(epoch.epoch), y: $0) } }
    }
    var series = [
      LineChart.Series(
        "train", points(train), style: "train",
        textStyle: "trainText", format: format)
    ]
    for (name, number) in [("validation", validation), ("test", test)] {
      let points = points(number)
      guard !points.isEmpty else { continue }
      series.append(
        .init(name, points, style: name, textStyle: "\(name)Text", format: format))
    }
    return LineChart(title: title, xLabel: "epoch", yLabel: unit, series: series)
  }
}
