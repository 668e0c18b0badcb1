import Foundation
import Testing

@testable import SkeinConfig
@testable import SkeinFiles

/// Every key of a full job is broken in every way; the table of keys drives the sweep, so that a
/// new key is tested too.
@Suite struct JobErrorTests {
  /// Values that each key must refuse, for their range.
  static let outOfRange: [String: [String]] = [
    "name": ["''", "a/b", "\"a\\nb\"", "\"\\u2028\"", String(repeating: "n", count: 201)],
    "seed": ["-1", "18446744073709551616", "1.0", "1e3", "0x10", "1_000", "010", "'7'", "+"],
    "data.path": ["''", "\"a\\0b\"", String(repeating: "p", count: 4097)],
    "data.synthetic": [
      "{shape: [0], classes: 1, samples: 1}", "{shape: [], classes: 1, samples: 1}",
      "{shape: [1000, 1001], classes: 1, samples: 1}", "{shape: [2], classes: 0, samples: 1}",
      "{shape: [\(Array(repeating: "1000000", count: 8).joined(separator: ", "))], classes: 1, "
        + "samples: 1}",
      "{shape: [2], classes: 1, samples: 0}", "{shape: [2], classes: 1}", "{shape: 2}", "true",
      "{shape: [2], classes: 1, samples: 1, smaples: 1}",
    ],
    "data.train": ["''", "a/b"],
    "data.test": ["''", "a/b"],
    "data.scale": ["0", "-1", ".inf", "-.inf", ".nan", "nan", "1e39", "1e-60", "'255'"],
    "model.hidden": [
      "[0]", "[-1]", "[1000001]", "[1.0]", "['8']", "8", "[[8]]",
      "[\(Array(repeating: "1", count: 65).joined(separator: ", "))]",
    ],
    "model.activation": ["binaryStep", "{relu: 1}", "{elu: .nan}", "Relu"],
    "model.init": ["normal", "{uniform: [1, 0]}", "{normal: [0, -1]}", "{zeros: 1}"],
    "loss": [
      "CrossEntropy", "'crossEntropy'", "{}", "{labelSmoothing: 0.1}", "{kind: cross}",
      "{kind: crossEntropy, labelSmoothing: 1}", "{kind: crossEntropy, labelSmoothing: -0.1}",
      "{kind: crossEntropy, smoothing: 0.1}", "{kind: crossEntropy, kind: crossEntropy}",
      "{kind: crossEntropy, classWeights: []}", "{kind: crossEntropy, classWeights: {}}",
      "{kind: crossEntropy, classWeights: even}", "{kind: crossEntropy, classWeights: [1, -1]}",
      "{kind: crossEntropy, classWeights: {a: 1, a: 2}}",
      "{kind: crossEntropy, classWeights: {a: .inf}}",
    ],
    "data.validation": ["0", "1", "-0.1", "1.5"],
    "optimizer.kind": ["adagrad", "SGD"],
    "optimizer.nesterov": ["yes", "1"],
    "optimizer.clipNorm": ["0", "-1", ".inf"],
    "schedule.kind": ["Step", "none"],
    "schedule.every": ["0", "1.5"],
    "schedule.factor": ["0", "1.5", "-1"],
    "schedule.warmupEpochs": ["-1", ".inf"],
    "training.accumulate": ["0", "1.5"],
    "training.average": ["1", "-0.1"],
    "training.earlyStop": [
      "5", "{patience: 0}", "{metric: testLoss}", "{patience: 1, patience: 2}",
      "{patience: 1, minDelta: -1}", "{patience: 1, wait: 2}", "{patience: 1, metric: loss}",
    ],
    "optimizer.learningRate": [
      "-0.1", "1e39", ".inf", "NaN", "0,1", "\"0.1\"", "1e", "0x1p3", "+-1",
    ],
    "optimizer.momentum": ["1", "-0.1", "1.5"],
    "optimizer.weightDecay": ["-1e-9", ".inf"],
    "training.epochs": ["-1", "1000000001", "1.0", "1e1"],
    "training.batchSize": ["0", "2147483648", "64.0"],
    "training.dropLast": ["yes", "1", "'true'", "True"],
    "training.bf16": ["yes", "1", "'true'", "True", "bf16"],
    "parallel.threads": ["0", "241", "Auto", "perThread", "'auto'"],
    "parallel.batchShards": ["0", "4097", "perthread", "perThread", "1.0"],
    "parallel.pin": ["[]", "[0, 0]", "[-1]", "[65536]", "[0, auto]", "0", "Auto", "'none'", "0-3"],
    "checkpoint.everyEpochs": ["0", "1000000001"],
    "checkpoint.everySteps": ["0", "-1", "1.5"],
    "checkpoint.everyMinutes": ["0", "-1", "1000001", ".inf"],
    "checkpoint.keep": ["0", "1000001"],
    "checkpoint.best": ["TestLoss", "accuracy", "1"],
    "report.history": ["yes", "1", "'true'", "True"],
    "report.tensorBoard": ["on", "0", "\"false\""],
  ]

  @Test(arguments: FullJob.keys.map(\.path))
  func wrongValues(path: String) throws {
    let folder = try JobFolder()
    let ranges = try #require(Self.outOfRange[path], "no values out of range for \(path)")
    var types = ["{nonsense: [nonsense]}", "[[]]", "''"]
    if !["data.test", "data.synthetic", "training.earlyStop"].contains(path) {
      types += ["", "null", "~"]
    }
    for bad in types + ranges {
      let text = FullJob.text { $0 == path ? $1 + bad : $1 + $2 }
      let errors = try folder.errors(text)
      #expect(errors.count == 1, "\(path): \(bad)")
      guard let error = errors.first else { continue }
      #expect(error.line == FullJob.line(of: path), "\(path): \(bad)")
      #expect(error.message.hasPrefix(path + ": expected "), "\(path): \(bad): \(error)")
      #expect(error.description.hasPrefix("\(error.file):\(error.line ?? 0):"))
      // The same through a setting, whose place is the argument.
      let setting = "\(path)=\(bad)"
      let settingErrors = try folder.errors(FullJob.text(), settings: [setting])
      #expect(settingErrors.map(\.message) == [error.message], "\(setting)")
      #expect(settingErrors.first?.file == "--set " + setting.printable(limit: 200))
      #expect(settingErrors.first?.line == nil)
    }
  }

  @Test(arguments: FullJob.keys)
  func misspelledAndRepeatedAndMisplacedKeys(key: JobKey) throws {
    let folder = try JobFolder()
    let column = key.section.isEmpty ? 1 : 3
    let indent = key.section.isEmpty ? "" : "  "
    let line = FullJob.line(of: key.path)

    // Misspelled: two letters swapped, one left out, wrong case. Short names have few near ones.
    let name = Array(key.name)
    var swapped = name
    swapped.swapAt(name.count - 2, name.count - 1)
    for bad in [String(swapped), String(name.dropLast()), key.name.uppercased()]
    where bad != key.name {
      let text = FullJob.text { $0 == key.path ? "\(indent)\(bad): \($2)" : $1 + $2 }
      let error = try #require(
        try folder.errors(text).first { $0.message.contains("unknown key '\(bad)'") })
      #expect(error.line == line && error.column == column, "\(error)")
      #expect(error.text == bad)
      #expect(error.suggestion == "did you mean '\(key.name)'?", "\(error)")
    }

    // Repeated: the second place is told, and the first one's line.
    let twice = FullJob.text { $0 == key.path ? "\($1)\($2)\n\($1)\($2)" : $1 + $2 }
    let repeated = try folder.errors(twice)
    #expect(repeated.count == 1, "\(key.path): \(repeated)")
    #expect(repeated.first?.line == line + 1 && repeated.first?.column == column)
    #expect(
      repeated.first?.message == "'\(key.path)' is set again, after line \(line)", "\(key.path)")

    // In another section: where it belongs is told.
    let other = key.section == "loss" ? "model" : key.section == "model" ? "training" : "model"
    let moved = FullJob.text { path, line, value in
      path == key.path ? "" : line + value
    }.replacingOccurrences(of: "\(other):\n", with: "\(other):\n  \(key.name): 1\n")
    let misplaced = try #require(
      try folder.errors(moved).first { $0.message.contains("unknown key '\(key.name)'") })
    // Two sections have a kind: the first one is named.
    let section = key.name == "kind" ? "optimizer" : key.section
    let home =
      key.section.isEmpty ? "'\(key.name)' belongs outside" : "belongs under '\(section)'"
    #expect(misplaced.suggestion?.contains(home) == true, "\(misplaced)")
  }

  @Test(arguments: JobKey.sections.filter { !$0.isEmpty })
  func sectionsThatAreNone(section: String) throws {
    let folder = try JobFolder()
    for bad in ["5", "[a, b]", "relu", "''"] {
      let errors = try folder.errors("\(section): \(bad)\n")
      let error = try #require(errors.first { $0.message.hasPrefix("\(section): expected") })
      #expect(error.line == 1 && error.column == section.count + 3)
      #expect(error.suggestion?.contains(JobKey.names(in: section)[0]) == true)
    }
    let twice = "\(section): {}\n\(section): {}\n"
    #expect(try folder.errors(twice).contains { $0.line == 2 && $0.message.contains("set again") })
  }

  @Test func allErrorsAtOnceInTheOrderOfTheFile() throws {
    let folder = try JobFolder()
    let errors = try folder.errors(
      """
      nmae: x
      seed: 1
      seed: -2
      model:
        activation: rleu
      optimizer: {learningrate: 0.1, momentum: 2, momentum: 0.5}
      training: []
      learningRate: 0.1
      """, settings: ["optimizer.learningrate=1", "loss=", "momentum=0"])
    let file = folder.path + "/job.yaml"
    #expect(
      errors.map(\.description) == [
        "\(file):1:1: unknown key 'nmae'; did you mean 'name'?",
        "\(file):1:1: data.path is missing: the dataset's folder, relative to the job file; "
          + "write path: and a path of 1 to 4096 bytes",
        "\(file):3:1: 'seed' is set again, after line 2; keep one of the two",
        "\(file):3:7: seed: expected a whole number from 0 to 18446744073709551615, found '-2'",
        "\(file):4:1: model.hidden is missing: neurons of each hidden layer; [] for a linear "
          + "model; write hidden: and a list of at most 64, each a whole number from 1 to 1000000",
        "\(file):5:15: model.activation: expected one of relu, leakyRelu, parametricRelu, "
          + "sigmoid, tanh, elu, selu, gelu, swish, softplus, identity, {leakyRelu: slope}, "
          + "{elu: alpha}, found 'rleu'; did you mean 'relu'?",
        "\(file):6:13: unknown key 'learningrate' in 'optimizer'; did you mean 'learningRate'?",
        "\(file):6:42: optimizer.momentum: expected a number ≥ 0 and < 1, found '2'",
        "\(file):6:45: 'optimizer.momentum' is set again, after line 6; keep one of the two",
        "\(file):7:11: training: expected keys and values, found an empty list; its keys are "
          + "epochs, batchSize, dropLast, bf16, accumulate, average, earlyStop",
        "\(file):8:1: unknown key 'learningRate'; 'learningRate' belongs under 'optimizer'",
        "--set optimizer.learningrate=1: unknown key 'optimizer.learningrate'; did you mean "
          + "'learningRate'?",
        "--set loss=: loss: expected one of crossEntropy, negativeLogLikelihood, "
          + "logSoftmaxNegativeLogLikelihood, meanSquaredError, meanAbsoluteError, huber, or "
          + "{kind: crossEntropy, labelSmoothing: 0.1, classWeights: balanced}, found nothing",
        "--set momentum=0: unknown key 'momentum'; did you mean 'optimizer.momentum'?",
      ])
  }

  @Test func adviceFitsWhatIsFound() throws {
    let folder = try JobFolder()
    let table = [
      ("optimizer.learningRate='0.1'", "write it without quotes"),
      ("optimizer.learningRate=0,1", "write a decimal point"),
      ("optimizer.learningRate=.nan", "it must be finite"),
      ("optimizer.learningRate=00.1", "write it without leading zeros"),
      ("seed=0x10", "write decimal digits only"), ("seed=1_000", "write decimal digits only"),
      ("seed=1.0", "write decimal digits only, without point or exponent"),
      (
        "parallel.batchShards=perThread",
        "perThread is gone: all threads share each batch now, however it is cut, and the bits are "
          + "the same for any number of them; leave the key out"
      ),
      ("parallel.threads='auto'", "write it without quotes"),
      ("model.activation=binaryStep", "nothing learns through it"),
      ("model.activation={tanh: 1}", "tanh takes no constant"),
      ("model.init=normal", "write {normal: [mean, deviation]}"),
      (
        "optimizer={}",
        "set one of optimizer.kind, optimizer.learningRate, optimizer.momentum, "
          + "optimizer.nesterov, optimizer.weightDecay, optimizer.beta1, optimizer.beta2, "
          + "optimizer.epsilon, optimizer.clipNorm"
      ),
      ("optimiser.momentum=0", "did you mean 'optimizer.momentum'?"),
    ]
    for (setting, advice) in table {
      let errors = try folder.errors(FullJob.text(), settings: [setting])
      #expect(errors.map(\.suggestion) == [advice], "\(setting)")
    }
  }

  @Test func keysThatAreNoTexts() throws {
    let folder = try JobFolder()
    for text in ["[a]: 1", "{a: b}: 1", "5: 1", "~: 1", ": 1", "'': 1", "<<: {a: b}", "a", "- a"] {
      let errors = try folder.errors(text)
      #expect(!errors.isEmpty && errors.allSatisfy { $0.line == 1 }, "\(text): \(errors)")
    }
  }

  @Test func whatAFileSaysIsMadePrintable() throws {
    let folder = try JobFolder()
    let errors = try folder.errors("\"\\e[31m\\u202E\": 1\nseed: \"\\a\\b\"\n")
    #expect(errors.map(\.message).joined().contains("\\u{1B}[31m\\u{202E}"))
    for error in errors {
      #expect(
        !error.description.unicodeScalars.contains { $0.properties.generalCategory == .control })
    }
  }

  @Test func spelling() {
    #expect(Spelling.distance("", "abc") == 3)
    #expect(Spelling.distance("kitten", "sitting") == 3)
    #expect(Spelling.distance("sede", "seed") == 1)
    #expect(Spelling.distance("Momentum", "momentum") == 0)
    #expect(Spelling.nearest(to: "epoch", among: ["batchSize", "epochs"]) == "epochs")
    #expect(Spelling.nearest(to: "zzz", among: ["epochs", "seed"]) == nil)
    #expect(Spelling.nearest(to: "a", among: []) == nil)
  }
}
