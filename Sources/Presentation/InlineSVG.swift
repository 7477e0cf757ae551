import Foundation

/// A picture of gnuplot as a part of a page: named for those who cannot see it, in the page's colours and letters.
enum InlineSVG {
  /// Turns a file of gnuplot's into an element.
  ///
  /// - Parameters:
  ///   - svg: the file.
  ///   - name: stands in front of every id, so that pictures on one page do not share them.
  ///   - title: what it shows.
  ///   - alternative: what it says.
  static func element(_ svg: String, name: String, title: String, alternative: String) -> String? {
    guard let head = svg.range(of: "<svg"), let headEnd = svg[head.upperBound...].firstIndex(of: ">"),
      let end = svg.range(of: "</svg>", options: .backwards)
    else { return nil }
    let viewBox = firstMatch("viewBox=\"[0-9. ]+\"", in: String(svg[head.upperBound..<headEnd])) ?? ""
    var body = String(svg[svg.index(after: headEnd)..<end.lowerBound])
    body = replacing("<(title|desc)>[^<]*</\\1>", in: body, with: "")
    body = replacing("\\bid=(['\"])", in: body, with: "id=$1\(name)-")
    body = replacing("href=(['\"])#", in: body, with: "href=$1#\(name)-")
    body = replacing("url\\((['\"]?)#", in: body, with: "url($1#\(name)-")
    body = replacing(" font-family=\"[^\"]*\"", in: body, with: "")
    body = replacing("color=\"(black|#000000)\"", in: body, with: "color=\"var(\(Paint.ink.property))\"")
    body = replacing("(stroke|fill)=(['\"])black\\2", in: body, with: "$1=$2var(\(Paint.ink.property))$2")
    for paint in Paint.allCases {
      let light = paint.light
      let color = "(rgb\\( *\(light.red), *\(light.green), *\(light.blue)\\)|\(light.hexadecimal))(?=['\"])"
      body = replacing(color, in: body, with: "var(\(paint.property))")
    }
    // gnuplot writes many groups with nothing in them, one within the other.
    for _ in 0..<2 { body = replacing("<g [^>]*>\\s*</g>\\s*", in: body, with: "") }
    body = replacing("\\n\\s*\\n+", in: body, with: "\n")
    return """
      <svg \(viewBox) role="img" aria-labelledby="\(name)-title \(name)-text" \
      xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
      <title id="\(name)-title">\(HTML.escaped(title))</title>
      <desc id="\(name)-text">\(HTML.escaped(alternative))</desc>\(body)</svg>
      """
  }

  private static func replacing(_ pattern: String, in text: String, with template: String) -> String {
    guard let expression = try? NSRegularExpression(pattern: pattern) else { return text }
    let all = NSRange(text.startIndex..., in: text)
    return expression.stringByReplacingMatches(in: text, range: all, withTemplate: template)
  }

  private static func firstMatch(_ pattern: String, in text: String) -> String? {
    guard let expression = try? NSRegularExpression(pattern: pattern),
      let match = expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)),
      let range = Range(match.range, in: text)
    else { return nil }
    return String(text[range])
  }
}
