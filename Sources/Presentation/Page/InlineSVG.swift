import Results

/// A picture of gnuplot as a part of a page: with a name for readers who cannot see it, and in the page's colours and
/// font.
enum InlineSVG {
  /// Makes an element of a file that gnuplot wrote.
  ///
  /// - Parameters:
  ///   - svg: the file.
  ///   - name: the prefix of every id, so that pictures on one page do not share ids.
  ///   - title: what it shows.
  ///   - alternative: the text for readers who cannot see it.
  static func element(_ svg: String, name: String, title: String, alternative: String) -> String? {
    guard let picture = parts(of: svg, name: name) else { return nil }
    let viewBox = picture.viewBox
    var body = picture.body
    replace(#/<(title|desc)>[^<]*<\/\1>/#, in: &body) { _ in "" }
    replace(#/ font-family="[^"]*"/#, in: &body) { _ in "" }
    let ink = "var(\(Paint.ink.property))"
    replace(#/color="(black|#000000)"/#, in: &body) { _ in "color=\"\(ink)\"" }
    replace(#/(stroke|fill)=(['"])black\2/#, in: &body) { "\($0.1)=\($0.2)\(ink)\($0.2)" }
    replace(#/(?:rgb\( *([0-9]+), *([0-9]+), *([0-9]+)\)|(#[0-9a-f]{6}))(?=['"])/#, in: &body) { match in
      let digits = [match.1, match.2, match.3].compactMap { $0.flatMap { UInt8($0) } }
      let color = digits.count == 3 ? RGB(digits[0], digits[1], digits[2]).hexadecimal : match.4.map(String.init)
      let paint = Paint.allCases.first { $0.light.hexadecimal == color }
      return paint.map { "var(\($0.property))" } ?? String(match.0)
    }
    // gnuplot writes many empty groups, one within the other.
    for _ in 0..<2 { replace(#/<g [^>]*>\s*<\/g>\s*/#, in: &body) { _ in "" } }
    replace(#/\n\s*\n+/#, in: &body) { _ in "\n" }
    return """
      <svg \(viewBox) role="img" aria-labelledby="\(name)-title \(name)-text" \
      xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
      <title id="\(name)-title">\(HTML.escaped(title))</title>
      <desc id="\(name)-text">\(HTML.escaped(alternative))</desc>\(body)</svg>
      """
  }

  /// Makes an element within another picture, in its own colours.
  ///
  /// - Parameter attributes: where it stands, and how large.
  static func nested(_ svg: String, name: String, attributes: String) -> String? {
    guard let (viewBox, body) = parts(of: svg, name: name) else { return nil }
    return "<svg \(attributes) \(viewBox)>\(body)</svg>\n"
  }

  /// The view box of a picture, and its contents. Their ids begin with a name.
  private static func parts(of svg: String, name: String) -> (viewBox: String, body: String)? {
    guard let head = svg.firstRange(of: "<svg"), let headEnd = svg[head.upperBound...].firstIndex(of: ">"),
      let end = svg.ranges(of: "</svg>").last
    else { return nil }
    let viewBox = svg[head.upperBound..<headEnd].firstMatch(of: #/viewBox="[0-9. ]+"/#)?.output ?? ""
    var body = String(svg[svg.index(after: headEnd)..<end.lowerBound])
    replace(#/\bid=(['"])/#, in: &body) { "id=\($0.1)\(name)-" }
    replace(#/href=(['"])#/#, in: &body) { "href=\($0.1)#\(name)-" }
    replace(#/url\((['"]?)#/#, in: &body) { "url(\($0.1)#\(name)-" }
    return (String(viewBox), body)
  }

  /// Replaces what matches. gnuplot's files are compared scalar by scalar.
  private static func replace<Match>(
    _ expression: Regex<Match>, in text: inout String, with replacement: (Match) -> String
  ) {
    text.replace(expression.matchingSemantics(.unicodeScalar).wordBoundaryKind(.simple)) { replacement($0.output) }
  }
}
