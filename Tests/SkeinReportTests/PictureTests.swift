import Foundation
import SkeinTestSupport
import Testing

@testable import SkeinRecord
@testable import SkeinReport

/// Every picture is a pure function of its numbers, and XML whatever the names are.
@Suite struct PictureTests {
  private static let goldens = Repository.root.appendingPathComponent(
    "Tests/SkeinReportTests/Goldens")

  /// A picture that differs is written to a temporary folder: look at it, and if it is right, copy
  /// it over its golden.
  @Test func picturesAreTheirGoldens() throws {
    let drawn = FileManager.default.temporaryDirectory.appendingPathComponent("skein-pictures")
    for (name, svg) in try pictures(of: makeRun()) {
      let golden = try? String(
        contentsOf: Self.goldens.appendingPathComponent(name + ".svg"), encoding: .utf8)
      guard svg.file != golden else { continue }
      try FileManager.default.createDirectory(at: drawn, withIntermediateDirectories: true)
      try Data(svg.file.utf8).write(to: drawn.appendingPathComponent(name + ".svg"))
      Issue.record("\(name).svg is not its golden; it is in \(drawn.path)")
    }
  }

  @Test func picturesAreWellFormed() throws {
    for (name, svg) in try pictures(of: makeRun()) {
      let contents = try XMLContents(parsing: svg.file)
      #expect(contents.elements["svg"] == 1, "\(name)")
      #expect(contents.elements["text", default: 0] > 0, "\(name) has no text")
    }
  }

  @Test(arguments: hostileTexts)
  func namesStayText(text: String) throws {
    let plain = try pictures(of: makeRun())
    for (index, picture) in try pictures(of: makeRun(name: text, classes: [text, text]))
      .enumerated()
    {
      let (contents, expected) = (
        try XMLContents(parsing: picture.svg.file), try XMLContents(parsing: plain[index].svg.file)
      )
      // No element and no attribute that the plain run's picture does not have.
      #expect(contents.elements == expected.elements, "\(picture.name)")
      #expect(contents.attributes == expected.attributes, "\(picture.name)")
    }
  }

  /// The texts above one panel need more room than it has.
  @Test func onePanelHasRoomForItsTitle() {
    var run = makeRun()
    run.networks = [run.networks[3]]
    #expect(HiddenStatesFigure.svg(run).width > 430)
  }

  /// A layer without a gradient has no place on a logarithmic axis.
  @Test func layersWithoutAGradientAreNamed() {
    var networks = makeRun().networks
    #expect(LayerFigures.norms(networks).note == nil)
    networks[1].layers[1].gradientNorm = 0
    #expect(LayerFigures.norms(networks).note == "gaps are gradients of 0")
    for index in networks.indices { networks[index].layers[0].gradientNorm = 0 }
    let note = "not drawn, since the gradient is 0: layer 1; gaps are gradients of 0"
    #expect(LayerFigures.norms(networks).svg().file.contains(">\(note)<"))
    #expect(NumberFormat.ranges([1, 2, 3, 7, 9, 10]) == "1 to 3, 7, 9 to 10")
  }

  @Test func comparedNumbersAreCalledWhatTheyAre() {
    let tested = makeRun().epochs
    let untested = tested.map { epoch in
      var epoch = epoch
      (epoch.testLoss, epoch.testAccuracy) = (nil, nil)
      return epoch
    }
    func file(_ runs: [[EpochMetrics]]) -> String {
      LearningCurves.compare(runs.enumerated().map { ("run \($0)", $1) }).file
    }
    #expect(file([tested, tested]).contains("mean loss per test sample<"))
    let trained = file([untested, untested])
    #expect(trained.contains("mean loss per training sample<"))
    #expect(trained.contains("share of training samples") && !trained.contains("test sample"))
    let mixed = file([tested, untested])
    for text in ["per test or training sample<", ">run 0, test<", ">run 1, training<"] {
      #expect(mixed.contains(text), "\(text)")
    }
  }

  /// A long class name gives way to the number behind it.
  @Test func captionsOfMistakesKeepTheirNumbers() throws {
    let run = makeRun(classes: ["a very long name of a class", "dog"])
    let epoch = try #require(run.best)
    #expect(SampleSheets.mistakes(run, epoch: epoch).file.contains("…, 87.5\u{A0}%</text>"))
    let none = SampleSheets.mistakes(run, epoch: run.networks[0])
    #expect(none.file.contains(">none</text>") && none.height >= 50)
  }

  @Test func numbersThatAreNoneDoNotBreakAPicture() throws {
    var run = makeRun()
    run.epochs[1].trainLoss = .nan
    run.epochs[2].testLoss = .infinity
    run.epochs[2].samplesPerSecond = .greatestFiniteMagnitude
    run.networks[1].layers[0].gradientNorm = 0
    run.networks[2].layers[0].weightHistogram = Histogram(
      low: 3, high: 3, counts: [5, 0], sum: 15, sumOfSquares: 45)
    for (name, svg) in try pictures(of: run) {
      #expect(!svg.file.contains("nan") && !svg.file.contains("inf,"), "\(name)")
      _ = try XMLContents(parsing: svg.file)
    }
    run.epochs = []
    for (_, svg) in try pictures(of: run) { _ = try XMLContents(parsing: svg.file) }
  }
}
