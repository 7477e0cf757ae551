import Quantities
import Results

/// Commands for gnuplot, made safely: text is quoted, and data are only numbers.
package struct GnuplotScript: Sendable {
  /// The commands so far, each with its line end.
  private(set) var text = ""

  /// Appends a command.
  mutating func add(_ command: String) { text += command + "\n" }

  /// Appends a block of data. An empty row interrupts a line.
  mutating func data(_ name: String, _ rows: [[Double]]) {
    add("$\(name) << EOD")
    for row in rows { add(row.map(Self.number).joined(separator: " ")) }
    add("EOD")
  }

  /// Puts a command in front of all others.
  mutating func prepend(_ command: String) { text = command + "\n" + text }

  /// Appends what to draw, as one command over several lines.
  mutating func plot(_ parts: [String]) {
    add("plot " + parts.joined(separator: ", \\\n  "))
  }

  /// Text at a position of the picture, moved up by some of its heights.
  struct Label {
    var x: Double
    var y: Double
    var text: String
    var color: RGB
    var up = 0.0
    /// Where its middle is, or its left or right end.
    var alignment = "center"
    var size = 11
  }

  /// Puts texts in front of everything else.
  mutating func insertLabels(_ labels: [Label]) {
    let commands = labels.enumerated().map { index, label in
      "set label \(index + 10) \(Self.quoted(label.text)) at first \(Self.number(label.x)), first \(Self.number(label.y)) "
        + "\(label.alignment) offset 0, \(Self.number(label.up)) front font ',\(label.size)' "
        + "textcolor rgb '\(label.color.hexadecimal)'\n"
    }
    text = commands.joined() + text
  }

  /// Text that gnuplot draws as it is.
  ///
  /// Within single quotes only the quote itself has a meaning: gnuplot takes two at the beginning of a text for an
  /// empty text. So text with a quote stands in double quotes, and characters that mean something there are written by
  /// their numbers.
  static func quoted(_ text: String) -> String {
    let shown = drawable(text.printable)
    guard shown.contains("'") else { return "'" + shown + "'" }
    var escaped = ""
    var isNumber = false
    for scalar in shown.unicodeScalars {
      // gnuplot would take a digit after the number for a part of it.
      isNumber = "\"\\`@$".unicodeScalars.contains(scalar) || isNumber && ("0"..."9").contains(scalar)
      if isNumber {
        let digits = String(scalar.value, radix: 8)
        escaped += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
      } else {
        escaped.unicodeScalars.append(scalar)
      }
    }
    return "\"" + escaped + "\""
  }

  /// The same text with a square for each sign that fonts may not have, or have as a picture: without a font of emoji
  /// gnuplot's cairo draws one as large as the paper.
  private static func drawable(_ text: String) -> String {
    String(
      text.map { sign in
        let isPlain = sign.unicodeScalars.allSatisfy {
          $0.value <= 0xFFFF && !$0.properties.isEmojiPresentation && $0 != emojiSelector
        }
        return isPlain ? sign : "\u{25A1}"
      })
  }

  /// Asks for the sign before it as a picture.
  private static let emojiSelector: Unicode.Scalar = "\u{FE0F}"

  /// Text at a tic. There gnuplot takes a per cent sign for a format.
  static func ticLabel(_ text: String) -> String { quoted(text.replacing("%", with: "%%")) }

  /// A colour of light paper.
  static func color(_ paint: Paint) -> String { "rgb '\(paint.light.hexadecimal)'" }

  /// A number with at most nine decimals, and no more than it needs. A value that is not a number is not drawn.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "NaN" }
    guard let fixed = FixedPoint(rounding: value, decimals: 9)?.description else { return "\(value)" }
    guard fixed.utf8.contains(UInt8(ascii: ".")), let last = fixed.utf8.lastIndex(where: { $0 != UInt8(ascii: "0") })
    else { return fixed }
    return String(fixed.utf8[last] == UInt8(ascii: ".") ? fixed[..<last] : fixed[...last])
  }

  /// The commands that all pictures have in common.
  static func preamble(for name: String) -> String {
    let (ink, grid) = (color(.ink), color(.grid))
    return """
      # Drawn by 'gapsim plot'. To draw it again, or otherwise, change this file and run:
      # gnuplot -d -e "set terminal svg; set output '\(name).svg'" \(name).gnuplot
      set encoding utf8
      set termoption noenhanced
      set border 3 lw 1 lc \(ink)
      set tics out nomirror scale 0.5 textcolor \(ink)
      set grid ytics lt 1 lw 1 lc \(grid), lt 1 lw 1 lc \(grid)
      set format '%h'
      set key below left Left reverse horizontal maxrows 4 height 0.8 width 2 samplen 1.5 textcolor \(ink)
      set style fill solid 1 noborder
      set rmargin 4
      set tmargin 1

      """
  }
}
