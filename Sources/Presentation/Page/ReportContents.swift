import Comparison
import Experiments
import Quantities
import Results
import RunMetrics
import Scenarios

/// What a report says, depending on which command wrote the directory.
struct ReportContents: Sendable {
  /// The answer, or what is expected and whether it is so.
  var verdict: [Remark] = []
  /// The figures that matter.
  var figures: [KeyFigure] = []
  /// What the figures are, in a line.
  var note = ""
  /// What went wrong.
  var troubles: [Remark] = []
  var sections: [PageSection] = []

  let folder: ResultsFolder
  /// The scenario that was run; nil if this program cannot read it.
  let scenario: Scenario?
  /// The path from the page to the directory of results; nil if there is none.
  let link: String?
  /// The pictures that no section has yet.
  var pictures: PagePictures

  init(
    _ folder: ResultsFolder, _ scenario: Scenario?, link: String?, gallery: Gallery, drawings: [String: String]
  ) throws {
    (self.folder, self.scenario, self.link) = (folder, scenario, link)
    pictures = PagePictures(gallery, drawings)
    try addExpectations()
    switch folder.kind {
    case .run: try addRun(gallery)
    case .sweep: try folder.isRace ? addRace() : addSweep()
    case .tune: try addTuning()
    }
    addPictures()
    if let share = folder.manifest.share {
      let words = "This is \(share.words) of the runs, which says nothing about the whole"
      verdict.insert(Remark(.warning, "\(words): 'gapsim merge' puts the shares together."), at: 0)
    }
  }

  /// Adds a section, unless there is nothing in it.
  mutating func add(_ id: String, _ title: String, _ body: PagePart) {
    guard !body.isEmpty else { return }
    sections.append(PageSection(id: id, title: title, body: body))
  }

  /// A line with the file that has a table, as a link if the page has the path.
  func source(_ file: ResultFile) -> PagePart {
    let name = file.rawValue
    let reference = link.map { HTML.link(name, to: $0 + "/" + name) } ?? HTML.element("code", name)
    return PagePart(html: "<p class=\"note\">From \(reference).</p>\n")
  }

  /// A table of results as it stands in a file, folded away if it is long.
  func table(_ file: ResultFile, _ table: PageTable) -> PagePart {
    .folded(
      "\(table.caption), \(HumanUnits.plural(table.total, "row"))", isOpen: table.rows.count <= 25,
      .table(table) + source(file))
  }

  private mutating func addExpectations() throws {
    guard let expectations = try ReportExpectations(scenario, folder) else { return }
    let place = PagePart.Place(id: "s-expectations", title: "What was found")
    verdict = expectations.remarks(at: place)
    add(
      place.id, "Expectations",
      .table(PageTable(id: "t-expectations", caption: "What was expected", expectations.table).wrapping()))
  }

  /// The pictures that are in no other section, and those that are missing.
  private mutating func addPictures() {
    let rest = pictures.rest
    add("s-pictures", "Pictures", rest)
    if !pictures.omissions.isEmpty {
      add(
        "s-omissions", "Pictures that are left out",
        pictures.omissions.reduce(PagePart()) { $0 + .text("\($1).", .note) })
    }
  }
}

/// The figures of a page, which its sections take by name.
struct PagePictures: Sendable {
  private var figures: [(name: String, part: PagePart)] = []
  /// What could not be drawn.
  let omissions: [Omission]

  init(_ gallery: Gallery, _ drawings: [String: String]) {
    omissions = gallery.omissions
    figures = gallery.pictures.compactMap { picture in
      drawings[picture.name].map { (picture.name, .figure(picture, drawing: $0)) }
    }
  }

  /// Takes the pictures of these names, as far as they are there.
  mutating func take(_ names: String...) -> PagePart { take { names.contains($0) } }

  /// Takes the pictures whose names begin like this.
  mutating func take(prefix: String) -> PagePart { take { $0.hasPrefix(prefix) } }

  private mutating func take(_ isWanted: (String) -> Bool) -> PagePart {
    let taken = figures.filter { isWanted($0.name) }
    figures.removeAll { isWanted($0.name) }
    return taken.reduce(PagePart()) { $0 + $1.part }
  }

  /// Takes all that nobody took.
  mutating func takeRest() -> PagePart {
    defer { figures = [] }
    return rest
  }

  /// All that nobody took.
  var rest: PagePart { figures.reduce(PagePart()) { $0 + $1.part } }
}

extension Metric {
  /// The unit in which people read a value.
  func displayUnit(for value: Double) -> DisplayUnit {
    switch unit {
    case .seconds: .seconds(upTo: value.magnitude)
    case .bytes: .bytes(upTo: value.magnitude)
    case .fraction: DisplayUnit(name: "%", size: 0.01)
    default: DisplayUnit(name: "", size: 1)
    }
  }

  /// A mean with half the width of its interval, if it has one.
  func text(_ estimate: Estimate) -> String { text(estimate, in: displayUnit(for: estimate.mean)) }

  private func text(_ estimate: Estimate, in unit: DisplayUnit) -> String {
    estimate.text(in: unit) + (unit.name.isEmpty ? "" : " " + unit.name)
  }

  /// The same as the fields of a column, which is sorted by the means. All have the unit of the largest.
  func cells(_ estimates: [Estimate?]) -> [PageTable.Cell] {
    let unit = displayUnit(for: estimates.compactMap { $0?.mean.magnitude }.max() ?? 0)
    return estimates.map { estimate in estimate.map { PageTable.Cell(text($0, in: unit), value: $0.mean) } ?? "" }
  }
}

extension DataTable {
  /// A table of results, without columns that other places of a page name.
  init(_ table: CSVTable, without left: Set<String> = []) {
    let columns = table.header.indices.filter { !left.contains(table.header[$0]) }
    self.init(
      header: columns.map { table.header[$0] }, rows: table.rows.map { row in columns.map { row[$0] } })
  }
}
