import Measurements

/// The page of a fit: which model to take, how sure that is, and the pictures as charts.
struct FitPage {
  let summary: FitSummary

  func page(_ gallery: Gallery, _ drawings: [String: String]) -> Page {
    let models = PageTable(id: "t-models", caption: "The models, the best first", summary.models)
    return Page(
      name: summary.name + ", gapsim", kind: "A loss model for measurements", heading: summary.name,
      first: .remarks(summary.lines.map { Remark(.plain, $0) }, name: "What was measured", kind: "troubles")
        + .remarks([Remark(summary.isSure ? .good : .warning, summary.choice)], name: "Verdict", kind: "verdict"),
      sections: [
        PageSection(id: "s-models", title: "Models", body: .table(models.wrapping())),
        PageSection(id: "s-pictures", title: "Measured, and by each model", body: .gallery(gallery, drawings)),
      ])
  }
}

extension Presentation {
  /// Writes the page of a fit.
  @discardableResult
  package static func report(_ summary: FitSummary, _ pictures: FitPictures, output path: String) throws -> Drawn {
    let page = FitPage(summary: summary)
    return Drawn(path: path, gallery: try put(pictures.gallery, at: path) { page.page($0, $1) })
  }
}
