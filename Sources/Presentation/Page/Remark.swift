/// A line of the first screen: a verdict, or something that went wrong.
struct Remark: Hashable, Sendable {
  /// What it says at a glance.
  enum Mark: String, Sendable {
    case good = "✔"
    case bad = "✘"
    case warning = "⚠"
    case plain = "→"
  }

  var mark: Mark
  var text: String
  /// The id of the place on the page that tells more, and how that place is called.
  var place: PagePart.Place?

  init(_ mark: Mark, _ text: String, at place: PagePart.Place? = nil) {
    (self.mark, self.text, self.place) = (mark, text, place)
  }
}

extension PagePart {
  /// A list of remarks; nothing of none.
  ///
  /// - Parameters:
  ///   - name: what the list is, for those who hear the page.
  ///   - kind: the class of the list.
  static func remarks(_ remarks: [Remark], name: String, kind: String) -> PagePart {
    guard !remarks.isEmpty else { return PagePart() }
    let marks = remarks.map(\.mark)
    let tone =
      marks.contains(.bad)
      ? " bad" : marks.contains(.warning) ? " warning" : marks.allSatisfy { $0 == .good } ? " good" : ""
    let lines = remarks.map { remark in
      let link = remark.place.map { " " + HTML.link($0.title, to: "#" + $0.id) } ?? ""
      return
        "<li><span class=\"mark\" aria-hidden=\"true\">\(remark.mark.rawValue)</span>\(HTML.sentence(remark.text))\(link)</li>\n"
    }
    return PagePart(
      html: "<ul class=\"remarks \(kind)\(tone)\" aria-label=\"\(HTML.escaped(name))\">\n\(lines.joined())</ul>\n")
  }
}
