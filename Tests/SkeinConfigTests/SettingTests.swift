import Testing

@testable import SkeinConfig
@testable import SkeinFiles

@Suite struct SettingTests {
  @Test func everyKeyCanBeSet() throws {
    let folder = try JobFolder()
    let settings = FullJob.values.map { "\($0.path)=\($0.value)" }
    let set = try folder.load("", settings: settings)
    var file = try folder.load(FullJob.text()).job
    file.data.path = set.job.data.path
    #expect(set.job == file)
    for (key, setting) in zip(FullJob.keys, settings) {
      #expect(set.origins[key.path] == .setting(setting))
    }
  }

  @Test func settingsWinAndTheLastOneOfAll() throws {
    let loaded = try JobFolder().load(
      FullJob.text(),
      settings: [
        "optimizer.learningRate=0.01", "model.hidden=[32,16]", "optimizer.learningRate=1e-3",
        "data.test=null", "name=\"a=b\"", "parallel.threads= 3 ",
      ])
    #expect(loaded.job.optimizer.learningRate == 1e-3)
    #expect(loaded.origins["optimizer.learningRate"] == .setting("optimizer.learningRate=1e-3"))
    #expect(
      loaded.origins["optimizer.momentum"] == .file(line: FullJob.line(of: "optimizer.momentum")))
    #expect(loaded.job.model.hidden == [32, 16])
    #expect(loaded.job.data.test == nil)
    #expect(loaded.job.name == "a=b")
    #expect(loaded.job.parallel.threads == .count(3))
    let entry = try #require(loaded.listing.first { $0.key == "model.hidden" })
    #expect(entry.value == "[32, 16]" && entry.origin == .setting("model.hidden=[32,16]"))
    #expect(loaded.listing.first { $0.key == "data.test" }?.value == "null")
  }

  @Test func settingsThatAreNone() throws {
    let folder = try JobFolder()
    let bomb = String(repeating: "[", count: 1 << 20)
    let table = [
      ("", "expected key=value"), ("optimizer.momentum", "expected key=value"),
      ("=1", "unknown key ''"), ("optimizer=", "unknown key 'optimizer'"),
      ("optimizer.=1", "unknown key"), (".momentum=1", "unknown key"), ("..=1", "unknown key"),
      ("a.b.c=1", "unknown key"), ("optimizer.momentum.x=1", "unknown key"),
      ("seed=[", "not YAML"), ("seed=&a 1", "anchors"), ("seed=1: 2", "found a mapping"),
      ("seed=\(bomb)", "nested too deep"), ("seed=\(bomb)x", "at most"), ("seed=1\n2", "seed"),
      ("name=\u{1B}[31m", "control or invisible character"),
      ("seed=1 # one\n---\n2", "another document"),
    ]
    for (setting, part) in table {
      let errors = try folder.errors(FullJob.text(), settings: [setting])
      #expect(errors.count == 1, "\(setting.prefix(30))")
      guard let error = errors.first else { continue }
      #expect(error.message.contains(part), "\(setting.prefix(30)): \(error)")
      #expect(error.description.hasPrefix("--set "), "\(setting.prefix(30))")
      #expect(error.line == nil && error.description.utf8.count < 1500)
    }
  }

  @Test func helpNamesEveryKeyAndItsDefault() {
    for key in JobKey.all {
      #expect(Job.help.contains("\(key.path)\n    \(key.summary)\n    \(key.expects)"))
    }
    #expect(Job.help.contains("default: 0.1\n"))
    #expect(Job.help.contains("required\n"))
  }

  @Test func theTablesKeysAreOncePerJob() {
    #expect(Set(JobKey.all.map(\.path)).count == JobKey.all.count)
    #expect(JobKey.all.allSatisfy { $0.path.split(separator: ".").count <= 2 })
  }
}
