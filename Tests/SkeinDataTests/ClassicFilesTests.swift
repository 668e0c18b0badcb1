import Foundation
import Testing

@testable import SkeinData

/// MNIST and its kin, as their downloads lie on a disk.
@Suite struct ClassicFilesTests {
  /// Empty files at these places, and what is found of them.
  private func found(
    _ files: [String], folder: String = "", set: String? = nil
  ) throws -> [String] {
    let scratch = try Scratch()
    for file in files {
      let place = URL(fileURLWithPath: scratch.file(file))
      try FileManager.default.createDirectory(
        at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try scratch.write([], to: file)
    }
    let path = folder.isEmpty ? scratch.path : scratch.file(folder)
    return try DatasetImport.classicFiles(in: path, set: set).flatMap { source in
      [source.images, source.labels].map { String($0.dropFirst(scratch.path.count + 1)) }
    }
  }

  private static func four(_ prefix: String = "", test: String = "t10k", _ suffix: String = "")
    -> [String]
  {
    ["train", test].flatMap { split in
      ["images-idx3-ubyte", "labels-idx1-ubyte"].map { "\(prefix)\(split)-\($0)\(suffix)" }
    }
  }

  @Test func kagglesFoldersArePassedOver() throws {
    let plain = Self.four().map { $0.replacingOccurrences(of: "-idx", with: ".idx") }
    let inFolders = Self.four().map { "\($0)/\($0)" }
    #expect(try found(plain + inFolders) == plain)
    #expect(try found(inFolders) == inFolders)
    #expect(try found(plain + Self.four().map { "\($0)/other" }) == plain)
  }

  @Test func torchvisionsFoldersAreLookedThrough() throws {
    let files = Self.four("MNIST/raw/")
    for folder in ["", "MNIST", "MNIST/raw"] {
      #expect(try found(files + Self.four("MNIST/raw/", ".gz"), folder: folder) == files)
    }
    let both = files + Self.four("FashionMNIST/raw/")
    let fault = try faults { _ = try found(both) }?.first
    #expect(fault?.found == "those of FashionMNIST, MNIST")
    #expect(fault?.advice?.contains("--set") == true)
    #expect(try found(both, set: "fashionmnist") == Self.four("FashionMNIST/raw/"))
    #expect(try found(both, folder: "MNIST") == files)
  }

  @Test func setsAreToldApartByName() throws {
    let letters = Self.four("emnist-letters-", test: "test", ".gz")
    let digits = Self.four("emnist-digits-", test: "test", ".gz")
    #expect(try found(letters) == letters)
    for name in ["letters", "emnist-letters", "LETTERS"] {
      #expect(try found(letters + digits, set: name) == letters)
    }
    #expect(
      try faults { _ = try found(letters + digits) }?.first?.found
        == "those of emnist-digits, emnist-letters")
    for name in ["nothing", "etters", ""] {
      #expect(try faults { _ = try found(letters + digits, set: name) } != nil, "\(name)")
    }
    let qmnist = ["train", "test"].flatMap {
      ["qmnist-\($0)-images-idx3-ubyte.gz", "qmnist-\($0)-labels-idx2-int.gz"]
    }
    #expect(try found(qmnist.map { "QMNIST/raw/\($0)" }) == qmnist.map { "QMNIST/raw/\($0)" })
    #expect(try found(letters + Self.four()) == Self.four())
  }

  @Test func otherNamesAreNone() {
    for name in [
      "", "-", "train", "train-images", "train-images-idx3", "train-images-idx4-ubyte",
      "valid-images-idx3-ubyte", "train-pictures-idx3-ubyte", "train-images-idx3-ubyte.bz2",
      "train-images-idx3-ubyte.gz.gz", "images-idx3-ubyte", "---", "a.b", ".idx-ubyte",
    ] {
      #expect(ClassicFiles.Name(name) == nil, "\(name)")
    }
  }
}
