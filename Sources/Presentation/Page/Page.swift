import FoundationEssentials

/// A page that needs nothing else: no network and no other file.
///
/// A page is made of sections, and these of parts: text, tables, figures. The list of contents follows from them, and so do
/// the data for the scripts.
struct Page: Sendable {
  /// The beginning of a page of this program. A file that has it may be replaced.
  static let opening = "<!doctype html>\n<!-- a report of gapsim -->\n"

  /// What the reader's window is called.
  var name: String
  /// What kind of page it is, above the heading.
  var kind: String
  var heading: String
  /// What stands below the heading, before everything else: the first screen.
  var first: PagePart
  var sections: [PageSection] = []

  /// The page.
  func html() throws -> String {
    Self.opening + """
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(PageAssets.policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      \(HTML.element("title", name))
      <style>
      \(PageAssets.style)
      \(PageStyle.css)
      </style>
      </head>
      <body>
      <a class="skip" href="#main">To the results</a>
      <main id="main">
      <header id="top">
      \(HTML.element("p", kind, "class=\"kind\""))
      \(HTML.element("h1", heading))
      \(first.html)</header>
      \(contents)\(sections.map(\.html).joined())</main>
      \(HTML.element("footer", Self.credit))
      \(try scripts)
      </body>
      </html>

      """
  }

  /// A list of the sections and what is in them.
  private var contents: String {
    guard !sections.isEmpty else { return "" }
    func item(_ place: PagePart.Place, _ below: String = "") -> String {
      // Long keys break at their dots.
      "<li><a href=\"#\(HTML.escaped(place.id))\">\(HTML.breakable(place.title))</a>\(below)</li>\n"
    }
    let items = sections.map { section in
      let places = section.body.places
      return item(
        PagePart.Place(id: section.id, title: section.title),
        places.isEmpty ? "" : "\n<ul>\n\(places.map { item($0) }.joined())</ul>\n")
    }
    return """
      <nav id="contents" aria-label="Contents">
      <details open>
      <summary>Contents</summary>
      <ul>
      \(item(PagePart.Place(id: "top", title: "In short")))\(items.joined())</ul>
      </details>
      </nav>

      """
  }

  private static var credit: String {
    let library = PageAssets.library
    return "Made by gapsim. Charts: \(library.name) \(library.version), \(library.licence) licence, \(library.link)."
  }

  /// The data for the scripts, and the scripts.
  private var scripts: String {
    get throws {
      let parts = [first] + sections.map(\.body)
      let charts = Dictionary(uniqueKeysWithValues: parts.flatMap(\.charts).map { ($0.figure, $0.chart) })
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let data = JSONText.safe(String(decoding: try encoder.encode(charts), as: UTF8.self))
      let islands = [PagePart.Island(id: "charts", json: data)] + parts.flatMap(\.islands)
      return islands.map(\.html).joined() + "<script>\(PageAssets.script)</script>"
    }
  }
}

/// A section of a page.
struct PageSection: Sendable {
  /// Its id, which is unique on the page.
  var id: String
  var title: String
  var body: PagePart

  fileprivate var html: String {
    "<section id=\"\(id)\" aria-labelledby=\"\(id)-title\">\n\(HTML.element("h2", title, "id=\"\(id)-title\""))\n\(body.html)</section>\n"
  }
}

extension PagePart.Island {
  fileprivate var html: String {
    "<script type=\"application/json\"\(kind.isEmpty ? "" : " class=\"\(kind)\"") id=\"\(HTML.escaped(id))\">\(json)</script>\n"
  }
}
