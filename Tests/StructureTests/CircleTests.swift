import Foundation
import Testing

/// No two folders use each other, nor two files, but for a tape and its tensors.
@Suite struct CircleTests {
  private let house: House

  init() throws { house = try House(sources: ImportTests.sources) }

  @Test func noFoldersUseEachOther() {
    let circles = House.circles(house.arrows.map { ($0.user.folder, $0.owner.folder) })
    #expect(circles.isEmpty, "\(explanation(circles) { $0.folder })")
  }

  @Test func noFilesUseEachOther() {
    let circles = House.circles(house.arrows.map { ($0.user.path, $0.owner.path) })
    let known: Set = ["SkeinAutograd/Tape.swift", "SkeinAutograd/Tensor.swift"]
    #expect(circles == [known], "\(explanation(circles.filter { $0 != known }) { $0.path })")
  }

  /// The arrows that make the circles.
  private func explanation(
    _ circles: [Set<String>], _ place: (House.Room) -> String
  ) -> String {
    circles.flatMap { circle in
      house.arrows.filter {
        place($0.user) != place($0.owner) && circle.contains(place($0.user))
          && circle.contains(place($0.owner))
      }.map(\.description)
    }.joined(separator: "\n")
  }

  @Test func circlesAreFound() {
    let arrows = [
      ("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e"), ("e", "d"), ("f", "a"),
    ]
    #expect(House.circles(arrows) == [["a", "b", "c"], ["d", "e"]])
    #expect(House.circles([("a", "b"), ("a", "a")]).isEmpty)
  }

  /// What the tests above would say of nothing.
  @Test func arrowsAreFound() {
    let step = house.arrows.filter { $0.user.path == "SkeinTraining/Trainer.swift" }.map(\.name)
    #expect(step.contains("ForwardBackward") && step.contains("SampleSource"))
    #expect(house.rooms.count > 200)
  }
}
