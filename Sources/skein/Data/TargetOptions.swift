import ArgumentParser

/// The options of commands that read targets which may be values.
struct TargetOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Targets are values and not classes, whatever their type.",
      discussion: "Without it integers are classes, and so are whole numbers stored as floats."))
  var regression = false

  @Option(
    help: ArgumentHelp(
      "Names of the values, one per column, separated by commas. Default: target 1, target 2, …",
      valueName: "a,b"))
  var targetNames: String?

  @Flag(
    help: ArgumentHelp(
      "Keep values as they are.",
      discussion: """
        Without it a network learns them standardised, by mean and deviation of the split train, \
        and predictions and errors are given in their own units.
        """))
  var rawTargets = false

  /// Whether the options say that targets are values.
  var areValues: Bool { regression || targetNames != nil || rawTargets }

  /// The names that were given.
  var names: [String]? {
    targetNames?.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
}
