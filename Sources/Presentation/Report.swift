import Comparison
import FoundationEssentials
import Quantities
import Results
import Runs
import Scenarios

/// A page about a directory of results. It needs nothing else: no network and no other file.
struct Report: Sendable {
  /// The beginning of a page of this program. A file that has it may be replaced.
  static let opening = "<!doctype html>\n<!-- a report of gapsim -->\n"
  /// The most rows of a table of data.
  private static let rows = 200
  /// The most bytes of a file that the page contains.
  private static let largestDownload = 300_000

  let folder: ResultsFolder
  let gallery: Gallery
  /// The pictures as gnuplot wrote them, without titles, by their name.
  let drawings: [String: String]
  /// The path from the page to the directory of results; nil if there is none.
  let link: String?

  /// The page.
  func html() throws -> String {
    let contents = try ReportContents(folder)
    let scenario = try? Scenario.parse(text: folder.manifest.scenario, file: ResultFile.manifest.rawValue).scenario
    let name = scenario?.name ?? folder.name
    let expectations = try ReportExpectations(scenario, folder)
    return Self.opening + """
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      \(HTML.element("title", "\(name): \(folder.kind.rawValue), gapsim"))
      <style>
      \(PageAssets.style)
      \(ReportStyle.css)
      </style>
      </head>
      <body>
      <main>
      <header>
      \(HTML.element("p", kind, "class=\"kind\""))
      \(HTML.element("h1", name))
      \(head(scenario))
      </header>
      \(section("Key figures", lead(contents.lead) + figures(contents.figures) + main(contents)))
      \(meaning(contents))\
      \(section(expectations))\
      \(section("Pictures", pictures))
      \(section("Tables", tables(contents)))
      \(section("Provenance", provenance))
      \(HTML.element("p", Self.credit, "class=\"note\""))
      </main>
      \(try script)
      </body>
      </html>

      """
  }

  private static var credit: String {
    let library = PageAssets.library
    return "Charts: \(library.name) \(library.version), \(library.licence) licence, \(library.link)."
  }

  /// The charts and the scripts that draw them.
  private var script: String {
    get throws {
      let charts = gallery.pictures.filter { drawings[$0.name] != nil }.compactMap { picture in
        picture.chart.map { (picture.name, $0) }
      }
      let encoder = JSONEncoder()
      // A slash is escaped, so that no text in it can end the element.
      encoder.outputFormatting = .sortedKeys
      let data = try encoder.encode(Dictionary(uniqueKeysWithValues: charts))
      return """
        <script type="application/json" id="charts">\(String(decoding: data, as: UTF8.self))</script>
        <script>
        \(PageAssets.script)
        </script>
        """
    }
  }

  private var kind: String {
    switch folder.kind {
    case .run where folder.isLive: "Report of live runs"
    case .run: "Report of a simulated run"
    case .sweep where folder.isRace: "Report of a race: ways to get one file to many devices"
    case .sweep: "Report of a sweep over settings of the promotion protocol"
    case .tune: "Report of the tuning of the gap threshold"
    }
  }

  private func head(_ scenario: Scenario?) -> String {
    guard let scenario else { return "" }
    var html = scenario.description.isEmpty ? "" : HTML.element("p", scenario.description) + "\n"
    let size = Double(scenario.bytes)
    let threshold = Double(scenario.network.parameters.promotion.threshold)
    let text =
      "\(scenario.devices) devices; an image of \(DisplayUnit.bytes(upTo: size).text(size)) in "
      + "\(scenario.blocks) blocks of \(scenario.network.parameters.blockSize) B; "
      + (folder.kind == .run && scenario.network.strategy.promotes || folder.isRace
        ? "threshold \(DisplayUnit.bytes(upTo: threshold).text(threshold)); " : "")
      + (folder.isLive
        ? "\(HumanUnits.plural(scenario.replications, "run")) on real wires."
        : "\(scenario.replications) replications from seed \(folder.manifest.seed).")
    html += HTML.element("p", text, "class=\"about\"")
    return html
  }

  private func section(_ title: String, _ body: String) -> String {
    "<section>\n\(HTML.element("h2", title))\n\(body)</section>"
  }

  private func section(_ expectations: ReportExpectations?) -> String {
    guard let expectations else { return "" }
    return section(
      "Expectations", lead(expectations.lead) + HTML.table(expectations.table, caption: "What was expected"))
      + "\n"
  }

  private func main(_ contents: ReportContents) -> String {
    contents.main.map { HTML.table($0.table, caption: $0.caption) } ?? ""
  }

  private func meaning(_ contents: ReportContents) -> String {
    guard !contents.meaning.isEmpty else { return "" }
    return section("What it means", contents.meaning.map { HTML.element("p", $0) + "\n" }.joined()) + "\n"
  }

  private func lead(_ text: String) -> String { text.isEmpty ? "" : HTML.element("p", text, "class=\"lead\"") + "\n" }

  private func figures(_ figures: [KeyFigure]) -> String {
    let items = figures.map { figure in
      "<div>\(HTML.element("dt", figure.label))\(HTML.element("dd", figure.value))"
        + (figure.note.isEmpty ? "" : HTML.element("dd", figure.note, "class=\"about\"")) + "</div>\n"
    }
    return "<dl class=\"figures\">\n\(items.joined())</dl>\n"
  }

  private var pictures: String {
    var html = ""
    for picture in gallery.pictures {
      guard let drawing = drawings[picture.name],
        let svg = InlineSVG.element(
          drawing, name: picture.name, title: picture.title, alternative: picture.alternative)
      else { continue }
      html += """
        <figure id="\(picture.name)">
        \(HTML.element("h3", picture.title))
        <div class="picture wide" tabindex="0" role="region" aria-label="\(HTML.escaped("Picture: " + picture.title))">
        \(svg)
        </div>
        <figcaption>\(HTML.escaped(picture.caption)) <span class="about">\(HTML.escaped(picture.alternative))</span>\
        </figcaption>
        <details>
        \(HTML.element("summary", "The data of this picture, \(picture.data.rows.count) rows"))
        \(download(picture))\(HTML.table(picture.data, caption: "Data: " + picture.title, limit: Self.rows))\
        </details>
        </figure>

        """
    }
    for omission in gallery.omissions { html += HTML.element("p", "\(omission).", "class=\"note\"") + "\n" }
    return html
  }

  private func download(_ picture: Picture) -> String {
    let csv = picture.data.csv
    guard csv.utf8.count <= Self.largestDownload else {
      return HTML.element(
        "p", "All rows are too many for this page: 'gapsim plot' writes them to \(picture.name).csv.", "class=\"note\"")
    }
    return "<p class=\"note\">All rows as CSV: \(HTML.download(csv, as: picture.name + ".csv"))</p>"
  }

  private func tables(_ contents: ReportContents) -> String {
    contents.tables.map { title, table, file in
      """
      <details\(table.rows.count <= 40 ? " open" : "")>
      \(HTML.element("summary", "\(title), \(table.rows.count) rows"))
      <p class="note">The file: \(reference(to: file))</p>
      \(HTML.table(table, caption: title, limit: Self.rows))</details>

      """
    }.joined()
  }

  /// The name of a file of the directory, as a link if the page has the path.
  private func reference(to file: String) -> String {
    guard let link else { return HTML.element("code", file) }
    return HTML.element("a", file, "href=\"\(HTML.escaped(link + "/" + file))\"")
  }

  private var note: String {
    folder.isLive
      ? "The protocol is what ran. The network is what was assumed of it: saved to a file, it simulates the same room."
      : "Saved to a file, it gives the same results again with the same version of the program."
  }

  private var provenance: String {
    let manifest = folder.manifest
    let facts = [
      ("Program", "gapsim \(manifest.programVersion)"),
      ("Seed", folder.isLive ? "none: live runs" : "\(manifest.seed)"),
      ("Format of the results", "\(manifest.formatVersion)"),
      ("SHA-256 of the scenario", manifest.scenarioSHA256),
      // Other directories have no report.
      ("Files", "all are as the manifest says"),
    ]
    let list = facts.map { "\(HTML.element("dt", $0))<dd>\(HTML.element("code", $1))</dd>\n" }.joined()
    let files = DataTable(
      header: ["file", "rows", "SHA-256"], rows: manifest.files.map { [$0.name, "\($0.rows)", $0.sha256] })
    return """
      <dl class="facts">
      \(list)</dl>
      \(HTML.table(files, caption: "The files of the results"))
      \(HTML.element("h3", "The scenario as it was run"))
      \(HTML.element("p", note, "class=\"note\""))
      \(HTML.element("pre", manifest.scenario, "tabindex=\"0\""))

      """
  }
}
