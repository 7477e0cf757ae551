import Comparison
import FoundationEssentials
import Quantities
import Results
import Runs
import Scenarios

/// A page about a directory of results.
struct Report: Sendable {
  let folder: ResultsFolder
  let gallery: Gallery
  /// The pictures as gnuplot wrote them, without titles, by their name.
  let drawings: [String: String]
  /// The path from the page to the directory of results; nil if there is none.
  let link: String?

  /// The page.
  var page: Page {
    get throws {
      let contents = try ReportContents(folder)
      let scenario = try? Scenario.parse(text: folder.manifest.scenario, file: ResultFile.manifest.rawValue).scenario
      let name = scenario?.name ?? folder.name
      let expectations = try ReportExpectations(scenario, folder)
      return Page(
        name: "\(name): \(folder.kind.rawValue), gapsim", kind: kind, heading: name,
        first: head(scenario) + .text(contents.lead, .lead) + .figures(contents.figures) + main(contents),
        sections: [
          PageSection(id: "s-meaning", title: "What it means", body: meaning(contents)),
          PageSection(id: "s-expectations", title: "Expectations", body: section(expectations)),
          PageSection(
            id: "s-replay", title: "Replay of replication 1", body: try gallery.replay?.part ?? PagePart()),
          PageSection(id: "s-pictures", title: "Pictures", body: pictures),
          PageSection(id: "s-tables", title: "Tables", body: tables(contents)),
          PageSection(id: "s-provenance", title: "Provenance", body: provenance),
        ].filter { !$0.body.isEmpty })
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

  private func head(_ scenario: Scenario?) -> PagePart {
    guard let scenario else { return PagePart() }
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
    return .text(scenario.description) + .text(text, .about)
  }

  private func section(_ expectations: ReportExpectations?) -> PagePart {
    guard let expectations else { return PagePart() }
    return .text(expectations.lead, .lead)
      + .table(PageTable(id: "t-expectations", caption: "What was expected", expectations.table))
  }

  private func main(_ contents: ReportContents) -> PagePart {
    contents.main.map { .table(PageTable(id: "t-main", caption: $0.caption, $0.table)) } ?? PagePart()
  }

  private func meaning(_ contents: ReportContents) -> PagePart {
    contents.meaning.reduce(PagePart()) { $0 + .text($1) }
  }

  private var pictures: PagePart {
    let figures = gallery.pictures.reduce(PagePart()) { part, picture in
      part + (drawings[picture.name].map { .figure(picture, drawing: $0) } ?? PagePart())
    }
    return gallery.omissions.reduce(figures) { $0 + .text("\($1).", .note) }
  }

  private func tables(_ contents: ReportContents) -> PagePart {
    var part = PagePart()
    for (index, (title, table, file)) in contents.tables.enumerated() {
      var body = PagePart(html: "<p class=\"note\">The file: \(reference(to: file))</p>\n")
      body += .table(PageTable(id: "t-\(index + 1)", caption: title, table))
      part += .folded("\(title), \(HumanUnits.plural(table.rows.count, "row"))", isOpen: table.rows.count <= 40, body)
    }
    return part
  }

  /// The name of a file of the directory, as a link if the page has the path.
  private func reference(to file: String) -> String {
    link.map { HTML.link(file, to: $0 + "/" + file) } ?? HTML.element("code", file)
  }

  private var note: String {
    folder.isLive
      ? "The protocol is what ran. The network is what was assumed of it: saved to a file, it simulates the same room."
      : "Saved to a file, it gives the same results again with the same version of the program."
  }

  private var provenance: PagePart {
    let manifest = folder.manifest
    let files = DataTable(
      header: ["file", "rows", "SHA-256"], rows: manifest.files.map { [$0.name, "\($0.rows)", $0.sha256] })
    return .facts([
      ("Program", "gapsim \(manifest.programVersion)"),
      ("Seed", folder.isLive ? "none: live runs" : "\(manifest.seed)"),
      ("Format of the results", "\(manifest.formatVersion)"),
      ("SHA-256 of the scenario", manifest.scenarioSHA256),
      // Other directories have no report.
      ("Files", "all are as the manifest says"),
    ]) + .table(PageTable(id: "t-files", caption: "The files of the results", files))
      + .heading("The scenario as it was run", id: "scenario") + .text(note, .note)
      + PagePart(html: HTML.element("pre", manifest.scenario, "tabindex=\"0\"") + "\n")
  }
}
