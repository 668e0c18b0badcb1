import ArgumentParser

/// The pictures that `skein plot` can draw.
enum Picture: String, ExpressibleByArgument, CaseIterable {
  case curves, network, weights, hidden, confusion, predicted, mistakes, norms, dead
  case weightHistograms = "weight-histograms"
  case gradientHistograms = "gradient-histograms"
  case activations, samples, schedule, scaling, compare

  /// How many inputs a picture is drawn from.
  enum Input { case none, one, many }
  /// Whether a picture shows one run or something else. The help page lists the two kinds apart.
  enum Kind { case run, other }

  var input: Input { self == .activations ? .none : self == .compare ? .many : .one }

  var kind: Kind {
    switch self {
    case .activations, .samples, .schedule, .scaling, .compare: .other
    default: .run
    }
  }

  /// Whether it shows one epoch, which `--epoch` chooses.
  var isOfOneEpoch: Bool {
    switch self {
    case .network, .weights, .confusion, .predicted, .mistakes: true
    default: false
    }
  }

  var inputName: String {
    switch self {
    case .samples: "dataset folder"
    case .schedule: "job file"
    case .scaling: "JSON file of skein bench"
    default: "run"
    }
  }

  private var summary: String {
    switch self {
    case .curves: "loss, accuracy or error, learning rate and speed per epoch"
    case .network: "neurons and weights, with a sample flowing through (--epoch, --sample)"
    case .weights: "the first layer's weights as images (--epoch)"
    case .hidden: "last hidden states in their principal plane, over the epochs"
    case .confusion: "which classes are taken for which (--epoch)"
    case .predicted: "predicted against true values, for regression (--epoch)"
    case .mistakes: "the mistakes that it was surest of, or the largest errors (--epoch)"
    case .norms: "gradient norms per layer and epoch"
    case .dead: "neurons that never change, per layer and epoch"
    case .weightHistograms: "weights per layer and epoch"
    case .gradientHistograms: "gradients per layer and epoch"
    case .activations: "all activation functions and their derivatives; takes no folder"
    case .samples: "a sheet of samples of a dataset (--count, --split)"
    case .schedule: "the learning rate of every step of a job (--set)"
    case .scaling: "speed-up against threads, from the JSON of skein bench"
    case .compare: "curves of several runs on one axis"
    }
  }

  static func help(_ kind: Kind) -> String {
    allCases.filter { $0.kind == kind }.map { picture in
      let padding = String(repeating: " ", count: 22 - picture.rawValue.count)
      return "  \(picture.rawValue)\(padding)\(picture.summary)"
    }.joined(separator: "\n")
  }
}
