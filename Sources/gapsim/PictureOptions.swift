import ArgumentParser
import Presentation

/// The options that say how pictures are drawn.
struct PictureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The size of each picture in pixels of a browser; PNG has twice as many.", valueName: "width x height"),
    transform: { text in
      do { return try PictureSize(text) } catch { throw ValidationError("\(error)") }
    })
  var size = PictureSize.usual

  @Option(
    name: .customLong("format"), help: ArgumentHelp("The formats, with commas between them.", valueName: "formats"),
    transform: { text in
      do { return try Gnuplot.Format.list(text) } catch { throw ValidationError("\(error)") }
    })
  var formats = Gnuplot.Format.allCases

  @Flag(help: "Write all pictures to one page too: all.svg, and all.pdf with a page for each.")
  var onePage = false

  var paper: PicturePaper {
    var paper = PicturePaper()
    (paper.size, paper.formats, paper.hasOnePage) = (size, formats, onePage)
    return paper
  }
}
