/// The nearest right spelling of a misspelt word.
package enum Spelling {
  /// The candidate with the fewest edits; of several, the one that begins with the word. Nil if none is near enough to
  /// be meant.
  package static func nearest(to word: String, among candidates: [String]) -> String? {
    guard word.utf8.count <= 64 else { return nil }
    let typed = Array(word.lowercased().replacing("-", with: "_").unicodeScalars)
    let ranked = candidates.map { (name: $0, edits: edits(typed, Array($0.lowercased().unicodeScalars))) }
    let order = { (edits: Int, name: String) in (edits, name.lowercased().hasPrefix(word.lowercased()) ? 0 : 1) }
    guard let best = ranked.min(by: { order($0.edits, $0.name) < order($1.edits, $1.name) }) else { return nil }
    return best.edits <= max(1, min(typed.count, best.name.count) / 3) ? best.name : nil
  }

  /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment distance).
  static func edits(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforeLast = [Int]()
    var last = Array(0...right.count)
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { cost = min(cost, beforeLast[j - 1] + 1) }
        row.append(cost)
      }
      (beforeLast, last) = (last, row)
    }
    return last[right.count]
  }
}

extension String {
  /// The text without white space at both ends.
  package var trimmed: String {
    let isSpace = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
    guard let first = unicodeScalars.firstIndex(where: { !isSpace($0) }),
      let last = unicodeScalars.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(unicodeScalars[first...last])
  }

  /// As a message shows it: printable, and not too long.
  package var excerpt: String {
    let rest = unicodeScalars.dropFirst(60)
    return String(unicodeScalars.prefix(60)).printable + (rest.isEmpty ? "" : "…")
  }
}
