import Results

/// A picture before it is drawn: how to draw it, its texts, and the data that it shows.
package struct Picture: Sendable {
  /// The stem of its files.
  package let name: String
  /// What it shows, as a heading.
  package let title: String
  /// What it was made of, and what its band means: the scenario, the replications, the interval.
  package var subtitle = ""
  /// How to read it, in a sentence or two.
  package let caption: String
  /// The text for a reader who cannot see it.
  package let alternative: String
  /// The commands that draw it, without terminal, output and title.
  package let commands: String
  /// The figures that it shows.
  package let data: DataTable
  /// The same as a chart; nil if a chart would not show it better.
  package var chart: Chart?
  /// The same as a map; nil if it has no cells.
  package var map: PictureMap?

  /// The whole script, with its title, or without it if the title stands beside the picture.
  package func script(titled: Bool) -> String {
    var script = GnuplotScript.preamble(for: name)
    if titled {
      let lines = [(title, 17, Paint.ink, -1.1), (subtitle, 12, .muted, -2.6)].filter { !$0.0.isEmpty }
      script += "set tmargin \(lines.count == 1 ? "3" : "4.2")\n"
      for (number, line) in lines.enumerated() {
        script +=
          "set label \(number + 1) \(GnuplotScript.quoted(line.0)) at screen 0, screen 1 left "
          + "offset 1.6, \(line.3) font ',\(line.1)' textcolor rgb '\(line.2.light.hexadecimal)'\n"
      }
    }
    return script + commands
  }
}

/// Figures for people and programs: a header and rows of text.
package struct DataTable: Hashable, Sendable {
  package var header: [String]
  package var rows: [[String]]

  package init(header: [String], rows: [[String]]) {
    self.header = header
    self.rows = rows
  }

  /// The table as CSV (RFC 4180, `\n` line ends).
  package var csv: String {
    ([header] + rows).map { $0.map(Self.field).joined(separator: ",") + "\n" }.joined()
  }

  private static func field(_ text: String) -> String {
    let special = { (byte: UInt8) in byte == 0x22 || byte == 0x2C || byte == 0x0A || byte == 0x0D }
    return text.utf8.contains(where: special) ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}

/// A picture that was not made, and why.
package struct Omission: Hashable, Sendable, CustomStringConvertible {
  package let title: String
  package let reason: String

  package var description: String { "\(title): left out: \(reason)" }
}
