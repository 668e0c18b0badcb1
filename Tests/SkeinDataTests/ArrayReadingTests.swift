import Foundation
import Synchronization
import Testing

@testable import SkeinData

/// Labels and shapes as others write them.
@Suite struct ArrayReadingTests {
  /// Notes that a reading gave.
  private final class Notes: Sendable {
    let all = Mutex<[String]>([])
    var count: Int { all.withLock { $0.count } }
    var text: String { all.withLock { $0.joined(separator: "\n") } }
    var reading: ArrayReading {
      ArrayReading(note: { note in self.all.withLock { $0.append(note) } })
    }
  }

  private static let images = IDX.encode(Sample.elements(5), shape: [5, 3, 2])

  /// The labels in the dataset that is packed from such a file of labels.
  private func labels(_ file: [UInt8], _ reading: ArrayReading = .init()) throws -> [Int32] {
    let scratch = try Scratch()
    let source = DatasetImport.Source(
      split: "train", images: try scratch.write(Self.images, to: "i"),
      labels: try scratch.write(file, to: "l"))
    try DatasetImport.create(scratch.file("out"), from: [source], reading: reading)
    let split = try DatasetFolder(opening: scratch.file("out")).load("train", threads: 1)
    return split.everything().labels
  }

  @Test func harmlessShapesAndTypesOfLabelsAreRead() throws {
    for shape in [[5], [5, 1], [5, 1, 1], [1, 5], [1, 5, 1]] {
      #expect(try labels(IDX.encode([0, 1, 2, 2, 1] as [UInt8], shape: shape)) == [0, 1, 2, 2, 1])
    }
    #expect(try labels(IDX.encode([0, 1, 2, 2, 1] as [Double], shape: [5])) == [0, 1, 2, 2, 1])
    for bad: Double in [0.5, .nan, .infinity, 1e300] {
      let file = IDX.encode([0, 1, bad, 2, 1] as [Double], shape: [5])
      let fault = try faults { _ = try labels(file, ArrayReading(targets: .labels)) }?.first
      #expect(fault?.place == "label of sample 2, counted from 0", "\(bad): \(fault as Any)")
    }
    for shape in [[4], [6], [2, 3], [1, 4], [5, 2, 2]] {
      let count = shape.reduce(1, *)
      let file = IDX.encode([UInt8](repeating: 0, count: count), shape: shape)
      #expect(try faults { _ = try labels(file) } != nil, "\(shape)")
    }
  }

  @Test func oneHotLabelsAreRead() throws {
    let rows: [Float] = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0]
    let notes = Notes()
    #expect(try labels(IDX.encode(rows, shape: [5, 4]), notes.reading) == [0, 1, 2, 2, 1])
    #expect(notes.text.contains("one-hot labels, read as 4 classes"))
    for (place, value) in [(0, 0), (1, 1), (0, 2), (19, 1), (3, 0.5)] as [(Int, Float)] {
      var broken = rows
      broken[place] = value
      let classes = ArrayReading(targets: .labels)
      let fault = try faults { _ = try labels(IDX.encode(broken, shape: [5, 4]), classes) }?.first
      #expect(fault?.advice?.contains("--label-column 0") == true, "\(place): \(fault as Any)")
    }
    let first = ArrayReading(firstLabel: 1)
    #expect(try faults { _ = try labels(IDX.encode(rows, shape: [5, 4]), first) } != nil)
  }

  @Test func aColumnAndAFirstLabelCanBeChosen() throws {
    let table = IDX.encode((0..<15).map { Int32($0) }, shape: [5, 3])
    #expect(try faults { _ = try labels(table) }?.first?.advice?.contains("--label-column") == true)
    for column in 0..<3 {
      let found = try labels(table, ArrayReading(labelColumn: column))
      #expect(found == (0..<5).map { Int32(3 * $0 + column) })
    }
    #expect(try faults { _ = try labels(table, ArrayReading(labelColumn: 3)) } != nil)
    let list = IDX.encode([1, 2, 3, 3, 2] as [UInt8], shape: [5])
    #expect(try labels(list, ArrayReading(firstLabel: 1)) == [0, 1, 2, 2, 1])
    #expect(try faults { _ = try labels(list, ArrayReading(firstLabel: 2)) }?.first?.found == "1")
    let extreme = IDX.encode([Int32.min, .max, 0, 0, 0], shape: [5])
    for first in [Int32.min, -1, 1, .max] {
      #expect(try faults { _ = try labels(extreme, ArrayReading(firstLabel: first)) } != nil)
    }
  }

  @Test func emptyClassesAreTold() throws {
    let notes = Notes()
    _ = try labels(IDX.encode([1, 2, 3, 3, 2] as [UInt8], shape: [5]), notes.reading)
    #expect(notes.text.contains("--first-label 1"))
    let gap = Notes()
    _ = try labels(IDX.encode([0, 3, 3, 0, 4] as [UInt8], shape: [5]), gap.reading)
    #expect(gap.text.contains("2 classes have no samples: 1, 2"), "\(gap.text)")
    let full = Notes()
    _ = try labels(IDX.encode([0, 1, 2, 2, 1] as [UInt8], shape: [5]), full.reading)
    #expect(full.count == 0, "\(full.text)")
    // As many names as labels, which run from 1 on.
    let scratch = try Scratch()
    let source = DatasetImport.Source(
      split: "train", images: try scratch.write(Self.images, to: "i"),
      labels: try scratch.write(IDX.encode([1, 2, 3, 3, 2] as [UInt8], shape: [5]), to: "l"))
    let fault = try faults {
      try DatasetImport.create(
        scratch.file("out"), from: [source], .init(classes: ["a", "b", "c"]))
    }
    #expect(fault?.first?.advice?.contains("--first-label 1") == true)
  }

  @Test func samplesTakeTheShapeThatIsAskedFor() throws {
    let scratch = try Scratch()
    let labels = try scratch.write(IDX.encode([0, 1, 2, 2, 1] as [UInt8], shape: [5]), to: "l")
    func pair(_ shape: [Int], _ reading: ArrayReading) throws -> (Manifest.Sample, [UInt8]) {
      let images = try scratch.write(IDX.encode(Sample.elements(5), shape: shape), to: "i")
      var pair = try ArrayPair(images: images, labels: labels, reading)
      var samples = [UInt8](repeating: 0, count: 30)
      var found = [Int32](repeating: 0, count: 5)
      try samples.withUnsafeMutableBytes { samples in
        try found.withUnsafeMutableBufferPointer {
          try pair.next(samples: samples, targets: .labels($0))
        }
      }
      return (pair.sample, samples)
    }
    let (flat, same) = try pair([5, 6], ArrayReading(sampleShape: [3, 2]))
    #expect(flat.shape == [3, 2] && same == Sample.elements(5))
    #expect(try faults { _ = try pair([5, 6], ArrayReading(sampleShape: [3, 3])) } != nil)
    for (shape, given, turned) in [
      ([5, 3, 2], nil, [2, 3]), ([5, 6], [3, 2], [2, 3]), ([5, 3, 2, 1], nil, [2, 3, 1]),
      ([5, 1, 3, 2], nil, [1, 2, 3]),
    ] as [([Int], [Int]?, [Int])] {
      let (sample, samples) = try pair(shape, ArrayReading(sampleShape: given, transposes: true))
      #expect(sample.shape == turned)
      for number in 0..<5 {
        for (row, column) in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)] {
          let expected = Sample.elements(5)[6 * number + 2 * row + column]
          #expect(samples[6 * number + 3 * column + row] == expected, "\(shape)")
        }
      }
    }
    #expect(try faults { _ = try pair([5, 6], ArrayReading(transposes: true)) } != nil)
  }

  @Test func aSplitFitsWhereElementsLieInTheSameOrder() throws {
    let table: [([Int], [Int], Bool)] = [
      ([28, 28], [28, 28, 1], true), ([28, 28], [1, 28, 28], true), ([28, 28], [784], true),
      ([784], [28, 28], true), ([10, 1], [10], true), ([28, 28], [56, 14], false),
      ([28, 28], [14, 56], false), ([3, 4, 5], [5, 4, 3], false), ([3, 4, 5], [12, 5], false),
      ([1], [1, 1], true), ([2], [3], false), ([28, 28], [783], false),
    ]
    for (first, second, alike) in table {
      #expect(ArrayShape.areAlike(first, second) == alike, "\(first), \(second)")
      #expect(ArrayShape.areAlike(second, first) == alike, "\(second), \(first)")
    }
    let scratch = try Scratch()
    let labels = try scratch.write(IDX.encode([0, 1, 2, 2, 1] as [UInt8], shape: [5]), to: "l")
    for (split, shape) in [("train", [5, 3, 2]), ("a", [5, 3, 2, 1]), ("b", [5, 6])] {
      let images = try scratch.write(IDX.encode(Sample.elements(5), shape: shape), to: split)
      try DatasetImport.add(
        .init(split: split, images: images, labels: labels), to: scratch.file("out"))
    }
    let other = try scratch.write(IDX.encode(Sample.elements(5), shape: [5, 2, 3]), to: "c")
    #expect(
      try faults {
        try DatasetImport.add(
          .init(split: "c", images: other, labels: labels), to: scratch.file("out"))
      } != nil)
    let folder = try DatasetFolder(opening: scratch.file("out"))
    #expect(try folder.verify(threads: 1).allSatisfy(\.faults.isEmpty))
    #expect(folder.manifest.splitNames == ["train", "a", "b"])
  }

  /// A pipe may promise anything, and room is made for one sample at least.
  @Test func aSampleOfTooManyBytesIsRefused() throws {
    let scratch = try Scratch()
    let labels = try scratch.write(IDX.encode([0, 1] as [UInt8], shape: [2]), to: "l")
    let pipe = scratch.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    let writer = Thread {
      let promise: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 2, 0xFF, 0xFF, 0xFF, 0xFF]
      try? FileHandle(forWritingAtPath: pipe)?.write(contentsOf: Data(promise))
    }
    writer.start()
    let fault = try faults { _ = try ArrayPair(images: pipe, labels: labels) }?.first
    #expect(fault?.expected.contains("1073741824 bytes") == true)
  }
}
