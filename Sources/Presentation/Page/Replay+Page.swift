import FoundationEssentials

extension Replay {
  /// The replay on a page. `replay.js` plays it in `#replay`, from `#replay-data`. Without scripts the page says which
  /// picture shows the same.
  var part: PagePart {
    get throws {
      let note =
        "Each line is a device over the time of the run, in the colour of its role. Above are the sessions, below is what "
        + "leaves the server. Play it, or move to any time; point at a device for its story."
      let without = "The replay needs scripts. The picture “Roles over time” shows the same, with all devices summed."
      return .text(note, .note)
        + PagePart(
          html:
            "<div id=\"replay\" class=\"replay\"></div>\n<noscript>\(HTML.element("p", without, "class=\"note\""))</noscript>\n",
          islands: [PagePart.Island(id: "replay-data", json: JSONText.safe(try json))])
    }
  }

  /// What the script plays.
  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}
