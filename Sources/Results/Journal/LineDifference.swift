import Quantities

/// The first line in which two texts of settings differ, in words for either side.
///
/// A line `key: value` that only one side has is `no key` on the other.
struct LineDifference {
  let there: String
  let now: String

  /// Finds it; the texts differ.
  init(there: String, now: String) {
    let (others, mine) = (Self.lines(of: there), Self.lines(of: now))
    let begin = zip(others, mine).prefix { $0 == $1 }.count
    let end = zip(others[begin...].reversed(), mine[begin...].reversed()).prefix { $0 == $1 }.count
    let (old, new) = (others[begin..<(others.count - end)], mine[begin..<(mine.count - end)])
    let (gone, come) = (Self.isAlone(old.first, among: new), Self.isAlone(new.first, among: old))
    if let line = old.first, new.isEmpty || gone {
      (self.there, self.now) = (Self.quoted(line.trimmed), Self.absence(of: line))
    } else if let line = new.first, old.isEmpty || come {
      (self.there, self.now) = (Self.absence(of: line), Self.quoted(line.trimmed))
    } else {
      let lines = ((old.first ?? "").trimmed, (new.first ?? "").trimmed)
      (self.there, self.now) = (Self.quoted(lines.0, besides: lines.1), Self.quoted(lines.1, besides: lines.0))
    }
  }

  private static func lines(of text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// Whether a line has a key that none of the other side's has.
  private static func isAlone(_ line: String?, among others: ArraySlice<String>) -> Bool {
    guard let line, let key = key(of: line) else { return false }
    return !others.contains { Self.key(of: $0) == key }
  }

  /// The key of a line with the spaces before it, which say in which section it stands; nil if it has none.
  private static func key(of line: String) -> Substring? {
    guard let colon = line.firstIndex(of: ":") else { return nil }
    let key = line[..<colon]
    let isKey = key.allSatisfy { $0.isLetter || $0.isNumber || " _.".contains($0) } && key.contains { $0.isLetter }
    return isKey ? key : nil
  }

  private static func absence(of line: String) -> String {
    key(of: line).map { "no \(String($0).trimmed)" } ?? "nothing"
  }

  private static func quoted(_ line: String) -> String { line.isEmpty ? "nothing" : "'\(line.excerpt)'" }

  /// A line that is too long to be shown as a whole begins a little before it differs from the other.
  private static func quoted(_ line: String, besides other: String) -> String {
    let shared = zip(line, other).prefix { $0 == $1 }.count
    let isShown = [line, other].allSatisfy { $0.excerpt == $0 }
    guard !isShown, shared > context else { return quoted(line) }
    let key = key(of: line).map { "\($0): " } ?? ""
    // Between two words, if there are some.
    let front = line.prefix(shared - context).dropFirst(key.count)
    guard !front.isEmpty else { return quoted(line) }
    let cut = front.lastIndex(of: " ").map { line.index(after: $0) } ?? front.endIndex
    return quoted("\(key)…\(line[cut...])")
  }

  /// How many characters stand before a difference, at least.
  private static let context = 12
}
