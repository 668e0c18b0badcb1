import Foundation
import Testing

/// What a program does with `import Skein` alone.
@Suite struct SkeinImportTests {
  /// Every error that a run throws has a name.
  @Test func errorsAreToldApart() throws {
    try Program.withFolder { folder in
      let surprises = try Program.run("LibraryExamples", "errors", in: folder)
      #expect(surprises == "")
    }
  }

  /// Pictures of a program's run come from the same calls as the command's, byte for byte.
  @Test func picturesAreThoseOfTheCommand() throws {
    try Program.withFolder { folder in
      _ = try Program.run("LibraryExamples", "lines", in: folder)
      for picture in [
        "curves", "network", "weights", "hidden", "confusion", "mistakes", "norms", "dead",
        "weight-histograms", "gradient-histograms",
      ] {
        let drawn = try Program.run("LibraryExamples", "picture", picture, in: folder)
        let plotted = try Program.run("skein", "plot", picture, "Runs/lines", in: folder)
        #expect(drawn.hasPrefix("<?xml"), "\(picture): \(drawn.prefix(100))")
        #expect(drawn == plotted, "\(picture)")
      }
      let page = { try Data(contentsOf: URL(fileURLWithPath: "\(folder)/Runs/lines/report.html")) }
      let drawn = try page()
      _ = try Program.run("skein", "report", "Runs/lines", in: folder)
      #expect(try page() == drawn)
    }
  }
}
