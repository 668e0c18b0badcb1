import Foundation
import SkeinTestSupport
import Testing

@testable import SkeinConfig
@testable import SkeinFiles

@Suite struct ConfigsTests {
  /// The job files that come with the repository.
  @Test func theyLoadAndNameTheirDatasets() throws {
    let root = Repository.root.resolvingSymlinksInPath()
    let folder = root.appendingPathComponent("Configs")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".yaml") }
    #expect(files.count >= 4)
    for file in files {
      let loaded = try Job.load(path: folder.path + "/" + file)
      #expect(loaded.job.name + ".yaml" == file)
      // A second job for a dataset has a word of its own behind the dataset's name.
      let dataset = file == "mnist-fast.yaml" ? "mnist" : loaded.job.name
      #expect(loaded.job.data.path == root.path + "/Datasets/" + dataset)
    }
  }

  /// The benchmarks' jobs are the workloads that the peers are given.
  @Test func theBenchmarksAreThePeersWorkloads() throws {
    struct Work: Decodable {
      let layers: [Int]
      let batch, samples: Int
      let rate: Float
    }
    let root = Repository.root
    let works = try JSONDecoder().decode(
      [String: Work].self,
      from: Data(contentsOf: root.appendingPathComponent("Tests/Peers/workloads.json")))
    #expect(works.count == 4)
    for (name, work) in works {
      let path = root.appendingPathComponent("Configs/bench/\(name).yaml").path
      let job = try Job.load(path: path).job
      let data = try #require(job.data.synthetic)
      let widths = [data.shape.reduce(1, *)] + job.model.hidden + [data.classCount]
      #expect(job.name == name && widths == work.layers && data.sampleCount == work.samples)
      #expect(job.training.batchSize == work.batch && job.training.dropLast)
      #expect(job.optimizer == .init(learningRate: work.rate))
    }
  }
}
