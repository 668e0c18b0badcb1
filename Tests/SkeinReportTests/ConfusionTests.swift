import Foundation
import SkeinTestSupport
import Testing

@testable import SkeinRecord
@testable import SkeinReport

/// Confusion among many classes: pictures and pages that stay small.
@Suite struct ConfusionTests {
  /// `count` classes of 10 samples, of which class i is taken for class i + 1 in i % 7 cases.
  private func makeConfusion(_ count: Int) -> Confusion {
    let wrong = (0..<count).map { $0 + 1 < count ? $0 % 7 : 0 }
    return Confusion(
      classes: (0..<count).map {
        .init(
          support: 10, predicted: 10 - wrong[$0] + ($0 > 0 ? wrong[$0 - 1] : 0),
          correct: 10 - wrong[$0]
        )
      },
      pairs: (0..<count).filter { wrong[$0] > 0 }.map {
        .init(label: $0, predicted: $0 + 1, count: wrong[$0])
      }, kinds: wrong.count { $0 > 0 })
  }

  private func makeRun(_ count: Int) -> RunNumbers {
    var run = SkeinReportTests.makeRun(classes: (0..<count).map { "class \($0)" })
    for index in run.networks.indices where index > 0 {
      run.networks[index].confusion = makeConfusion(count)
    }
    return run
  }

  @Test(arguments: [1, 2, 12, 13, 40, 41, 100, 101, 2000])
  func aMatrixOfAnySizeIsDrawn(count: Int) throws {
    let run = makeRun(count)
    let text = ConfusionFigure.svg(run, epoch: try #require(run.best)).file
    let shown = min(count, ConfusionFigure.limit)
    let contents = try XMLContents(parsing: text)
    // The cells, and the paper.
    #expect(contents.elements["rect"] == shown * shown + 1)
    let says = text.contains("shown: the \(shown) of \(count) classes with most mistakes")
    #expect(says == (shown < count))
    #expect(text.utf8.count < 300 * (shown * shown + 50))
  }

  @Test func theClassesWithMostMistakesAreShown() {
    let confusion = makeConfusion(2000)
    let chosen = confusion.shown(100)
    #expect(chosen.count == 100 && chosen == chosen.sorted())
    let mistakes = confusion.classes.map { $0.support + $0.predicted - 2 * $0.correct }
    let least = chosen.map { mistakes[$0] }.min() ?? 0
    #expect(mistakes.count { $0 > least } <= 100)
    #expect(confusion.shown(2000) == Array(0..<2000))
    let matrix = confusion.matrix(chosen)
    for (row, label) in chosen.enumerated() {
      for (column, predicted) in chosen.enumerated() {
        let expected =
          label == predicted
          ? confusion.classes[label].correct : predicted == label + 1 ? label % 7 : 0
        #expect(matrix[row][column] == expected)
      }
    }
  }

  @Test func aPageOfManyClassesStaysSmall() throws {
    let few = try Page.html(makeRun(32))
    #expect(few.contains("\"table\":[[") && !few.contains("\"pairs\":[["))
    let many = try Page.html(makeRun(2000))
    #expect(many.contains("\"pairs\":[[6,7,6],") && !many.contains("\"table\":[["))
    #expect(many.utf8.count < few.utf8.count + 100_000)
  }
}
