import Foundation
import TestSupport
import Testing

@testable import Fixtures
@testable import Presentation
@testable import Results

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Sizes, formats, and the page with all pictures.
@Suite struct PaperTests {
  @Test(arguments: [("800x480", 800, 480), ("320x240", 320, 240), ("3000×3000", 3000, 3000), ("0640X0480", 640, 480)])
  func aSizeIsRead(text: String, width: Int, height: Int) throws {
    let size = try PictureSize(text)
    #expect(size.width == width && size.height == height)
  }

  @Test(arguments: [
    "", "x", "800", "800x", "x480", "800x480x2", "-800x480", "8e2x480", "800 x 480", "٨٠٠x480",
    "99999999999999999999x1",
  ])
  func whatIsNoSizeIsRefused(text: String) {
    #expect { _ = try PictureSize(text) } throws: { "\($0)".contains("1200x600") }
  }

  @Test(arguments: ["319x240", "320x239", "3001x480", "0x0", "999999999x480"])
  func aSizeOutOfRangeIsRefusedWithTheRange(text: String) {
    #expect(throws: PictureSizeError.outOfRange(text)) { try PictureSize(text) }
    #expect("\(PictureSizeError.outOfRange(text))".contains("320x240 … 3000x3000"))
  }

  @Test func formatsAreReadEachOnce() throws {
    try expect(Gnuplot.Format.list("svg,PDF,svg"), equals: [.svg, .pdf])
    #expect { try Gnuplot.Format.list("svg,pgn") } throws: {
      "\($0)" == "'pgn' is no format of a picture; do you mean 'png'?; allowed: svg, png, pdf"
    }
    #expect { try Gnuplot.Format.list("") } throws: { "\($0)".contains("allowed: svg, png, pdf") }
  }

  /// A PDF has the second in which it was made, unless somebody takes it out.
  @Test func aPDFHasTheSameBytesInAnotherSecond() throws {
    let scratch = try Scratch()
    let folder = try scratch.tuning()
    var paper = PicturePaper()
    (paper.formats, paper.hasOnePage) = ([.pdf], true)
    try Presentation.draw(directory: folder.path, output: scratch.path("one"), as: paper)
    usleep(1_100_000)
    try Presentation.draw(directory: folder.path, output: scratch.path("two"), as: paper)
    let files = try scratch.files(in: "one")
    try expect(scratch.files(in: "two"), equals: files)
    expect(
      files.keys.sorted(),
      equals: [
        "all.pdf", "all.svg", "objective.csv", "objective.gnuplot", "objective.pdf", "pictures.txt",
      ])
    let pdf = try #require(files["objective.pdf"])
    #expect(pdf.starts(with: Data("%PDF-".utf8)) && !String(decoding: pdf, as: UTF8.self).contains("CreationDate"))
  }

  @Test func picturesHaveTheSizeThatIsAskedFor() throws {
    let scratch = try Scratch()
    let folder = try scratch.tuning()
    var paper = PicturePaper()
    paper.size = try PictureSize("640x320")
    try Presentation.draw(directory: folder.path, output: scratch.path("out"), as: paper)
    let files = try scratch.files(in: "out")
    #expect(try scratch.text("out/objective.svg").contains("viewBox=\"0 0 640 320\""))
    // The width and height of a PNG are eight bytes from the sixteenth on.
    let size = try #require(files["objective.png"])[16..<24]
    expect(Array(size), equals: [0, 0, 5, 0, 0, 0, 2, 128])
    #expect(String(decoding: try #require(files["objective.pdf"]), as: UTF8.self).contains("/MediaBox [ 0 0 480 240 ]"))
  }

  @Test func onOnePageAreAllPictures() throws {
    let scratch = try Scratch()
    let folder = try scratch.sweep(keys: ["protocol.promotion.threshold"], points: Fixture.thresholds.map { [$0] })
    var paper = PicturePaper()
    (paper.formats, paper.hasOnePage) = ([.svg], true)
    let drawn = try Presentation.draw(directory: folder.path, output: scratch.path("out"), as: paper)
    let page = try scratch.text("out/all.svg")
    #expect(XMLParser(data: Data(page.utf8)).parse())
    #expect(page.components(separatedBy: "<svg ").count - 1 == drawn.gallery.pictures.count + 1)
    let ids = page.matches(of: #/\bid=["']([^"']+)["']/#).map { String($0.1) }
    #expect(Set(ids).count == ids.count && !ids.isEmpty)
    let pages = String(decoding: try #require(try scratch.files(in: "out")["all.pdf"]), as: UTF8.self)
    #expect(pages.contains("/Count \(drawn.gallery.pictures.count)"))
    #expect(try scratch.files(in: "out").keys.allSatisfy { !$0.hasSuffix(".png") })
  }
}
