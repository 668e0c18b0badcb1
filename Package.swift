// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors: a warning that stays is a warning that nobody reads.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "Skein",
  products: [
    .library(name: "Skein", targets: ["Skein"]),
    .executable(name: "skein", targets: ["skein"]),
  ],
  dependencies: [
    // Sub-commands, help pages and completion for the command line.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // YAML job files, with the line and column of every node.
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    // TensorBoard's event files are protocol buffers.
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
  ],
  targets: [
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    // SHA-256 of shard files and checkpoints. The system's libcrypto and not swift-crypto, which
    // builds all of BoringSSL for it: a third of the first build.
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    // The machine's packages, caches, cores and NUMA nodes, for the placement of workers: the
    // field's library for what a dozen of the system's files tell, each machine in its own way. It
    // is linked, as the others are, and not loaded at run time: the build then says if it is
    // missing, `make train` installs it, and no binary places its workers blindly.
    .systemLibrary(name: "CHwloc", pkgConfig: "hwloc", providers: [.apt(["libhwloc-dev"])]),
    // Files, texts and errors that every other target builds on.
    .target(name: "SkeinFiles", dependencies: ["CCrypto"], swiftSettings: strict),
    // The loops of a training step in C, which compiles a function for the vector instructions that
    // it names; Swift compiles a whole module for one processor.
    .target(name: "CKernels", cSettings: [.treatAllWarnings(as: .error)]),
    .target(
      name: "SkeinKernels", dependencies: ["CKernels", "SkeinFiles"], exclude: ["Numerics.md"],
      swiftSettings: strict),
    // Marks in 64 bytes of a table, in C for the instruction that gathers a comparison's bits.
    .target(name: "CScan", cSettings: [.treatAllWarnings(as: .error)]),
    .target(name: "SkeinRandom", dependencies: ["SkeinFiles"], swiftSettings: strict),
    .target(
      name: "SkeinData",
      dependencies: [
        "CZstd", "CZlib", "SkeinFiles", "SkeinKernels", "SkeinRandom", "CScan",
      ],
      swiftSettings: strict),
    .target(
      name: "SkeinAutograd", dependencies: ["SkeinFiles", "SkeinKernels"],
      swiftSettings: strict),
    .target(
      name: "SkeinModel",
      dependencies: ["SkeinFiles", "SkeinKernels", "SkeinRandom", "SkeinData", "SkeinAutograd"],
      swiftSettings: strict),
    .target(
      name: "SkeinWorkers", dependencies: ["CHwloc", "SkeinFiles"], swiftSettings: strict),
    // What a run records of itself, as plain values: reports draw from them and know no trainer.
    .target(name: "SkeinRecord", swiftSettings: strict),
    .target(
      name: "SkeinTraining",
      dependencies: [
        "SkeinFiles", "SkeinKernels", "SkeinRandom", "SkeinData", "SkeinAutograd", "SkeinModel",
        "SkeinWorkers", "SkeinRecord",
      ],
      swiftSettings: strict),
    .target(
      name: "SkeinConfig",
      dependencies: [
        "SkeinFiles", "SkeinData", "SkeinModel", "SkeinWorkers", "SkeinRecord", "SkeinTraining",
        "Yams",
      ],
      swiftSettings: strict),
    .target(
      name: "SkeinSafetensors",
      dependencies: ["SkeinFiles"],
      swiftSettings: strict),
    .target(
      name: "SkeinReport",
      dependencies: [
        "SkeinFiles", "SkeinRecord", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["TensorBoard/events.proto"],
      // In the binary, so that `skein` stays one file.
      resources: [.embedInCode("Page/Resources")],
      swiftSettings: strict),
    .target(
      name: "SkeinRun",
      dependencies: [
        "SkeinFiles", "SkeinKernels", "SkeinRandom", "SkeinData", "SkeinAutograd", "SkeinModel",
        "SkeinWorkers", "SkeinTraining", "SkeinConfig", "SkeinSafetensors", "SkeinRecord",
        "SkeinReport",
      ],
      swiftSettings: strict),
    // Multiply-adds in registers, in C for the same reason as CKernels.
    .target(name: "CFMAPeak", cSettings: [.treatAllWarnings(as: .error)]),
    .target(
      name: "SkeinBenchmark",
      dependencies: [
        "CFMAPeak", "SkeinFiles", "SkeinKernels", "SkeinData", "SkeinModel", "SkeinWorkers",
        "SkeinTraining", "SkeinConfig", "SkeinRecord", "SkeinReport", "SkeinRun",
      ],
      exclude: ["Forecast/Forecast.md"], swiftSettings: strict),
    .target(
      name: "Skein",
      dependencies: [
        "SkeinFiles", "SkeinKernels", "SkeinRandom", "SkeinData", "SkeinAutograd", "SkeinModel",
        "SkeinWorkers", "SkeinTraining", "SkeinConfig", "SkeinRecord", "SkeinReport", "SkeinRun",
      ],
      swiftSettings: strict),
    // What the command line does where memory is short, for every library in the program.
    .target(name: "CMemory", cSettings: [.treatAllWarnings(as: .error)]),
    .executableTarget(
      name: "skein",
      dependencies: [
        "CMemory", "SkeinFiles", "SkeinKernels", "SkeinRandom", "SkeinData", "SkeinModel",
        "SkeinWorkers", "SkeinTraining", "SkeinConfig", "SkeinRecord", "SkeinReport", "SkeinRun",
        "SkeinBenchmark",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    // What the tests share: folders, places in the repository, numbers, processes, XML.
    .target(
      name: "SkeinTestSupport", dependencies: ["SkeinRandom"], path: "Tests/SkeinTestSupport",
      swiftSettings: strict),
    // README's programs word for word, and another one that imports Skein alone: LibraryTests runs
    // them.
    .executableTarget(
      name: "FromJob", dependencies: ["Skein"], path: "Tests/ReadmePrograms/FromJob",
      swiftSettings: strict),
    .executableTarget(
      name: "OwnArrays", dependencies: ["Skein"], path: "Tests/ReadmePrograms/OwnArrays",
      swiftSettings: strict),
    .executableTarget(
      name: "OwnLoop", dependencies: ["Skein"], path: "Tests/ReadmePrograms/OwnLoop",
      swiftSettings: strict),
    .executableTarget(
      name: "LibraryExamples", dependencies: ["Skein"], path: "Tests/LibraryExamples",
      swiftSettings: strict),
    .testTarget(
      name: "LibraryTests",
      dependencies: [
        "FromJob", "OwnArrays", "OwnLoop", "LibraryExamples", "skein", "SkeinTestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "StructureTests", dependencies: ["SkeinTestSupport"], swiftSettings: strict),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "skein", "SkeinFiles", "SkeinKernels", "SkeinBenchmark", "SkeinTestSupport", "CZstd",
      ],
      // A run as the first edition left it: a fixture, read from where it lies.
      exclude: ["FirstEditionRun"], swiftSettings: strict),
    .testTarget(
      name: "SkeinDataTests",
      dependencies: [
        "SkeinFiles", "SkeinKernels", "SkeinData", "SkeinRandom", "SkeinTestSupport", "CZstd",
        "CZlib",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "SkeinKernelsTests",
      dependencies: ["CKernels", "SkeinFiles", "SkeinKernels", "SkeinTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "SkeinRandomTests", dependencies: ["SkeinRandom", "SkeinTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "SkeinModelTests",
      dependencies: [
        "SkeinKernels", "SkeinRandom", "SkeinAutograd", "SkeinModel", "SkeinTestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "SkeinAutogradTests",
      dependencies: [
        "SkeinFiles", "SkeinKernels", "SkeinRandom", "SkeinData", "SkeinAutograd", "SkeinModel",
        "SkeinTestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "SkeinTrainingTests",
      dependencies: [
        "SkeinFiles", "SkeinKernels", "SkeinRandom", "SkeinData", "SkeinAutograd", "SkeinModel",
        "SkeinWorkers", "SkeinTraining", "SkeinConfig", "SkeinSafetensors", "SkeinRecord",
        "SkeinRun", "SkeinTestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "SkeinReportTests", dependencies: ["SkeinRecord", "SkeinReport", "SkeinTestSupport"],
      exclude: ["Goldens"],
      swiftSettings: strict),
    .testTarget(
      name: "SkeinBenchmarkTests",
      dependencies: [
        "SkeinFiles", "SkeinData", "SkeinModel", "SkeinWorkers", "SkeinTraining", "SkeinConfig",
        "SkeinRecord", "SkeinReport", "SkeinRun", "SkeinBenchmark", "SkeinTestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "SkeinConfigTests",
      dependencies: [
        "SkeinConfig", "SkeinTraining", "SkeinModel", "SkeinAutograd", "SkeinData", "SkeinRandom",
        "SkeinFiles", "SkeinKernels", "SkeinWorkers", "SkeinRun", "SkeinTestSupport", "Yams",
      ],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
