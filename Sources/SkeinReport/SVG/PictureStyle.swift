/// The look of pictures: a few greys, two line colours, and a colour per sign. They are dark where
/// the viewer prefers that, and light in print.
public enum PictureStyle {
  /// The colours of classes. Where there are more classes than colours, the colours repeat.
  static let classes = [
    "#4477aa", "#cc6633", "#228855", "#aa3377", "#997700", "#33a3b8", "#8c564b", "#7a6fc4",
    "#6b8e23", "#77797d",
  ]

  /// The style sheet: rules for light, for dark, and for both. It has no variables, because some
  /// viewers of SVG files do not know them.
  public static var css: String {
    let shared = """
      .chart{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
      .chart text{font-variant-numeric:tabular-nums}
      .chart .middle{text-anchor:middle}
      .chart .end{text-anchor:end}
      .chart .title{font-size:13px;font-weight:600}
      .chart .small{font-size:10px}
      .chart .line{fill:none;stroke-width:1.75;stroke-linejoin:round;stroke-linecap:round}
      .chart .thin{fill:none;stroke-width:1}
      .chart .dashed{stroke-dasharray:4 3}
      .chart .axis,.chart .grid{stroke-width:1;shape-rendering:crispEdges}
      .chart .pixels{image-rendering:pixelated}

      """
    let light = rules(
      ink: "#1c1f24", dim: "#5d646e", faint: "#e3e6ea", axis: "#9aa1ab", paper: "#ffffff",
      train: "#4477aa", validation: "#228855", test: "#cc6633", positive: "#2f6db5",
      negative: "#c9542c")
    let dark = rules(
      ink: "#e8eaed", dim: "#a2a9b4", faint: "#2c3138", axis: "#6b737e", paper: "#15181c",
      train: "#7fb0e0", validation: "#5fc38f", test: "#f0945c", positive: "#6fa8e8",
      negative: "#ee8058")
    let colours = classes.enumerated().map { index, colour in
      ".chart .c\(index){fill:\(colour)}.chart .l\(index){stroke:\(colour)}\n"
    }
    return shared + light + colours.joined()
      + "@media screen and (prefers-color-scheme:dark){\n" + dark + "}\n"
  }

  /// The CSS class that fills in the colour of class `index`.
  static func fill(_ index: Int) -> String { "c\(index % classes.count)" }
  /// The CSS class that draws lines in the colour of class `index`.
  static func stroke(_ index: Int) -> String { "l\(index % classes.count)" }

  private static func rules(
    ink: String, dim: String, faint: String, axis: String, paper: String, train: String,
    validation: String, test: String, positive: String, negative: String
  ) -> String {
    """
    .chart .paper{fill:\(paper)}
    .chart text{fill:\(ink)}
    .chart text.dim{fill:\(dim)}
    .chart .axis{stroke:\(axis)}
    .chart .grid{stroke:\(faint)}
    .chart .area{fill:\(faint)}
    .chart .train{stroke:\(train)}.chart text.trainText{fill:\(train)}
    .chart .validation{stroke:\(validation)}.chart text.validationText{fill:\(validation)}
    .chart .test{stroke:\(test)}.chart text.testText{fill:\(test)}
    .chart .plain{stroke:\(dim)}
    .chart .positive{stroke:\(positive)}.chart .negative{stroke:\(negative)}
    .chart .positiveFill{fill:\(positive)}.chart .negativeFill{fill:\(negative)}
    .chart .neuron{stroke:\(axis)}.chart .body{fill:\(paper)}
    .chart .ridge{fill:\(paper);stroke:\(dim)}

    """
  }
}
