import Quantities

extension PagePart {
  /// A picture with its texts and its data.
  ///
  /// The scripts put a chart into `figure#NAME` in the place of `.picture` (`charts.js`).
  ///
  /// - Parameter drawing: the picture as gnuplot wrote it, without title; empty if there is no gnuplot. Nothing is shown of
  ///   what is no SVG.
  static func figure(_ picture: Picture, drawing: String) -> PagePart {
    let inline =
      drawing.isEmpty
      ? HTML.element("p", "gnuplot, which draws the picture, was not there.", "class=\"note\"")
      : InlineSVG.element(drawing, name: picture.name, title: picture.title, alternative: picture.alternative)
    guard let svg = inline else { return PagePart() }
    let data = folded(
      "The data of this picture, \(HumanUnits.plural(picture.data.rows.count, "row"))",
      table(PageTable(id: "data-" + picture.name, caption: "Data: " + picture.title, picture.data)))
    let isMap = if case .cells = picture.map { true } else { false }
    let html = """
      <figure id="\(picture.name)"\(isMap ? " class=\"cells\"" : "")>
      \(HTML.element("h3", picture.title))
      \(picture.subtitle.isEmpty ? "" : HTML.element("p", picture.subtitle, "class=\"note\""))
      <div class="picture wide" tabindex="0" role="region" aria-label="\(HTML.escaped("Picture: " + picture.title))">
      \(svg)
      </div>
      <figcaption>\(HTML.sentence(picture.caption)) <span class="about">\(HTML.sentence(picture.alternative))</span>\
      </figcaption>
      \(data.html)</figure>

      """
    let map = picture.map.flatMap(JSONText.encoded).map {
      PagePart.Island(id: picture.name + "-map", json: $0, kind: "map")
    }
    return PagePart(
      html: html, charts: picture.chart.map { [(picture.name, $0)] } ?? [],
      islands: data.islands + [map].compactMap(\.self),
      places: [Place(id: picture.name, title: picture.title)])
  }
}
