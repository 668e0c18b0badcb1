import Testing

@testable import SkeinRun

@Suite struct MemoryPlanTests {
  private func plan(classes: Int, history: Bool) throws -> MemoryPlan {
    let text = """
      name: plan
      data: {synthetic: {shape: [64], classes: \(classes), samples: 4000}, test: test}
      model: {hidden: [64]}
      report: {history: \(history)}
      """
    return try PreparedJob(try JobFolder().load(text).job, threads: 1).memoryPlan
  }

  /// Recording is in the plan, and grows with the classes and not with their square.
  @Test func aHistoryIsInThePlan() throws {
    func history(_ plan: MemoryPlan) -> Double {
      plan.parts.first { $0.name == "history" }?.bytes ?? 0
    }
    #expect(history(try plan(classes: 10, history: false)) == 0)
    let few = history(try plan(classes: 10, history: true))
    let many = history(try plan(classes: 4000, history: true))
    // A gradient in Floats, and the codes twice, of 64 · 65 + 10 · 65 parameters and more.
    #expect(few > 6 * 4810)
    #expect(many > 6 * 264_160 && many < few + 4000 * (6 * 65 + 16 * 364 + 48))
    let whole = try plan(classes: 10, history: true).total
    #expect(whole == (try plan(classes: 10, history: false)).total + few)
  }
}
