import FoundationEssentials
import Quantities
import Results
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
      let scenario = try? Scenario.parse(text: folder.manifest.scenario, file: ResultFile.manifest.rawValue).scenario
      let contents = try ReportContents(folder, scenario, link: link, gallery: gallery, drawings: drawings)
      let name = scenario?.name ?? folder.name
      let sentence = try scenario.map { try WhatWasRun($0, folder).sentence } ?? ""
      return Page(
        name: "\(name): \(folder.kind.rawValue), gapsim", kind: kind, heading: name, first: first(contents, sentence),
        sections: contents.sections + [PageSection(id: "s-provenance", title: "Provenance", body: provenance)])
    }
  }

  private var kind: String {
    switch folder.kind {
    case .run where folder.isLive: "Report of live runs"
    case .run: "Report of a simulated run"
    case .sweep where folder.isRace: "Report of a race: ways to get one file to many devices"
    case .sweep: "Report of a sweep over settings of the promotion protocol"
    case .tune: "Report of a tuning"
    }
  }

  /// What was run, the verdict, the figures that matter, and what went wrong.
  ///
  /// - Parameter sentence: what was run.
  private func first(_ contents: ReportContents, _ sentence: String) -> PagePart {
    let fine = Remark(.good, "Nothing went wrong: no device failed, and no limit ended a run.")
    let omitted = contents.pictures.omissions.count
    var troubles = contents.troubles
    if troubles.isEmpty, folder.kind != .tune { troubles = [fine] }
    if omitted > 0 {
      let verb = omitted == 1 ? "is" : "are"
      troubles.append(
        Remark(
          .plain, "\(HumanUnits.plural(omitted, "picture")) \(verb) left out.",
          at: PagePart.Place(id: "s-omissions", title: "Which, and why")))
    }
    return .text(contents.scenario?.description ?? "", .about)
      + .text(sentence, .what)
      + .remarks(contents.verdict, name: "Verdict", kind: "verdict") + .figures(contents.figures)
      + .text(contents.note, .note) + .remarks(troubles, name: "What went wrong", kind: "troubles")
  }

  private var note: String {
    folder.isLive
      ? "The protocol is what ran. The network is what was assumed of it: saved to a file, it simulates the same room."
      : "Saved to a file, it gives the same results again with the same version of the program."
  }

  private var provenance: PagePart {
    let manifest = folder.manifest
    let files = PageTable(
      id: "t-files", caption: "The files of the results",
      DataTable(
        header: ["file", "rows", "SHA-256"], rows: manifest.files.map { [$0.name, "\($0.rows)", $0.sha256] }))
    return .facts([
      ("Program", "gapsim \(manifest.programVersion)"),
      ("Seed", folder.isLive ? "none: live runs" : "\(manifest.seed)"),
      ("Format of the results", "\(manifest.formatVersion)"),
      ("SHA-256 of the scenario", manifest.scenarioSHA256),
      // Other directories have no report.
      ("Files", "all are as the manifest says"),
    ]) + .table(files.wrapping()) + .heading("The scenario as it was run", id: "scenario") + .text(note, .note)
      + PagePart(html: HTML.element("pre", manifest.scenario, "tabindex=\"0\"") + "\n")
  }
}
