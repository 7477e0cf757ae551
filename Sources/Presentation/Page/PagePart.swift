/// A piece of a page: its HTML, and what stands elsewhere on the page for it.
struct PagePart: Sendable {
  /// A place that the list of contents names.
  struct Place: Hashable, Sendable {
    var id: String
    var title: String
  }

  /// Data for the page's scripts, in an element of its own at the page's end.
  struct Island: Hashable, Sendable {
    var id: String
    var json: String
    /// How the scripts find all of a kind; empty if there is only one.
    var kind = ""
  }

  /// Its markup. All text in it is escaped.
  var html = ""
  /// The charts of its figures.
  var charts: [(figure: String, chart: Chart)] = []
  var islands: [Island] = []
  /// What the list of contents names below the section that the part is in.
  var places: [Place] = []

  /// Whether there is nothing to show.
  var isEmpty: Bool { html.isEmpty }

  static func + (first: PagePart, second: PagePart) -> PagePart {
    PagePart(
      html: first.html + second.html, charts: first.charts + second.charts, islands: first.islands + second.islands,
      places: first.places + second.places)
  }

  static func += (first: inout PagePart, second: PagePart) { first = first + second }
}

extension PagePart {
  /// How a paragraph looks.
  enum Look: String, Sendable {
    case plain, lead, note, about, what
    /// A note that the scripts replace.
    case cut = "note cut"
  }

  /// A paragraph; nothing of no text.
  static func text(_ text: String, _ look: Look = .plain) -> PagePart {
    guard !text.isEmpty else { return PagePart() }
    let attribute = look == .plain ? "" : " class=\"\(look.rawValue)\""
    return PagePart(html: "<p\(attribute)>\(HTML.sentence(text))</p>\n")
  }

  /// Figures that a reader sees before everything else.
  static func figures(_ figures: [KeyFigure]) -> PagePart {
    guard !figures.isEmpty else { return PagePart() }
    let items = figures.map { figure in
      "<div>\(HTML.element("dt", figure.label))\(HTML.element("dd", figure.unbroken))"
        + (figure.note.isEmpty ? "" : "<dd class=\"about\">\(HTML.sentence(figure.note))</dd>") + "</div>\n"
    }
    let isLong = figures.contains { $0.note.count > 60 }
    return PagePart(html: "<dl class=\"figures\(isLong ? " long" : "")\">\n\(items.joined())</dl>\n")
  }

  /// Facts with their names.
  static func facts(_ facts: [(name: String, value: String)]) -> PagePart {
    let list = facts.map { "\(HTML.element("dt", $0.name))<dd>\(HTML.element("code", $0.value))</dd>\n" }
    return PagePart(html: "<dl class=\"facts\">\n\(list.joined())</dl>\n")
  }

  /// A part that is folded away until a reader wants it.
  static func folded(_ summary: String, id: String? = nil, isOpen: Bool = false, _ part: PagePart) -> PagePart {
    var folded = part
    folded.html =
      "<details\(id.map { " id=\"\(HTML.escaped($0))\"" } ?? "")\(isOpen ? " open" : "")>\n"
      + "\(HTML.element("summary", summary))\n\(part.html)</details>\n"
    return folded
  }

  /// A heading within a section.
  static func heading(_ title: String, id: String) -> PagePart {
    PagePart(
      html: HTML.element("h3", title, "id=\"\(HTML.escaped(id))\"") + "\n", places: [Place(id: id, title: title)])
  }
}

/// A figure that a page begins with.
struct KeyFigure: Hashable, Sendable {
  var label: String
  var value: String
  var note: String

  /// The value, whose unit stays with its last number where a line ends.
  var unbroken: String {
    guard value.contains(where: { "±[".contains($0) }), let space = value.lastIndex(of: " ") else { return value }
    return "\(value[..<space])\u{00A0}\(value[value.index(after: space)...])"
  }
}
