import Quantities
import Results

/// Why the values of a varied key cannot be read: what is wrong, and what is allowed.
struct VaryError: Error, Hashable {
  let message: String
}

/// The values of a varied key: a list of items with commas between them. Each item is a value or a range.
///
/// - `A..B:8`: eight values at equal distances, both ends among them
/// - `A..B:log2`: A, then twice as much each time, up to B (with any whole number from 2 on instead of the 2)
/// - `A..B:8:log`: eight values with equal ratios, both ends among them
/// - anything else: the value itself, as it would stand in a scenario
struct VariedValues {
  /// The most values of one key.
  static let most = 10_000

  /// An item, before the unit of the other items is known.
  private enum Item {
    case number(VariedNumber)
    case text(String)
  }

  /// The values in their order, each in its only written form.
  let canonical: [String]

  /// Reads lists, one after the other.
  init(_ lists: [String]) throws(VaryError) {
    var items: [Item] = []
    for list in lists {
      for item in Self.split(list) {
        items += try Self.items(of: item.trimmed)
        guard items.count <= Self.most else { throw VaryError(message: "more than \(Self.most) values") }
      }
    }
    // A 0 needs no unit beside values that have one.
    let dimension = items.lazy.compactMap { if case .number(let number) = $0 { number.dimension } else { nil } }.first
    canonical = items.map { item in
      switch item {
      case .number(let number):
        number.isBareZero ? (dimension.map(number.measured) ?? number).canonical : number.canonical
      case .text(let text): text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      }
    }
  }

  private static func items(of text: String) throws(VaryError) -> [Item] {
    guard !text.isEmpty else {
      throw VaryError(message: "a value is missing; write values with commas between them, like 0, 16 KiB, 64 KiB")
    }
    if let range = range(in: text) {
      return try values(from: range.low.trimmed, to: range.high.trimmed, spacing: range.spacing, in: text).map {
        .number($0)
      }
    }
    return [VariedNumber(text).map { .number($0) } ?? .text(text)]
  }

  /// The parts of `A..B:spacing`, if the text begins with a number and has two points.
  private static func range(in text: String) -> (low: String, high: String, spacing: String?)? {
    guard let points = text.firstRange(of: ".."), DecimalLiteral.prefix(of: text[..<points.lowerBound]) != nil else {
      return nil
    }
    let rest = text[points.upperBound...]
    guard let colon = rest.firstIndex(of: ":") else { return (String(text[..<points.lowerBound]), String(rest), nil) }
    return (String(text[..<points.lowerBound]), String(rest[..<colon]), String(rest[rest.index(after: colon)...]))
  }

  private static func values(
    from low: String,
    to high: String,
    spacing: String?,
    in text: String
  ) throws(VaryError) -> [VariedNumber] {
    let name = "the range '\(text.excerpt)'"
    let ways = "like \(low)..\(high):8 (eight values), :log2 (doubling) or :8:log (eight values of equal ratios)"
    guard var first = VariedNumber(low), var last = VariedNumber(high) else {
      let wrong = VariedNumber(low) == nil ? low : high
      throw VaryError(
        message: "\(name) has an end that is no number or quantity: '\(wrong.excerpt)'; \(units(like: wrong))")
    }
    if first.isBareZero, let dimension = last.dimension { first = first.measured(in: dimension) }
    if last.isBareZero, let dimension = first.dimension { last = last.measured(in: dimension) }
    guard first.dimension == last.dimension else {
      throw VaryError(
        message: "\(name) goes from \(kind(first)) to \(kind(last)); give both ends the same kind of unit")
    }
    guard first.isShortEnough, last.isShortEnough else {
      throw VaryError(message: "\(name) has ends with too many digits")
    }
    guard first.isLess(than: last) else { throw VaryError(message: "\(name) does not begin below its end") }
    guard let spacing else { throw VaryError(message: "\(name) does not say how it is divided; write it \(ways)") }
    let words = spacing.split(separator: ":", omittingEmptySubsequences: false).map { String($0).trimmed }
    if words.count == 1, words[0].hasPrefix("log"), let base = Int(words[0].dropFirst(3)) {
      guard (2...1000).contains(base) else { throw VaryError(message: "\(name): allowed are log2 … log1000") }
      try checkPositive(first, name)
      return first.powers(of: base, to: last)
    }
    guard let count = Int(words[0]), words.count == 1 || words.count == 2 && words[1] == "log" else {
      throw VaryError(message: "\(name) is divided by '\(spacing.trimmed.excerpt)'; write it \(ways)")
    }
    guard (2...most).contains(count) else {
      throw VaryError(message: "\(name) has \(count) values; allowed: 2 … \(UInt64(most).grouped)")
    }
    guard words.count == 2 else { return first.linear(to: last, count: count) }
    try checkPositive(first, name)
    return first.geometric(to: last, count: count)
  }

  private static func checkPositive(_ first: VariedNumber, _ name: String) throws(VaryError) {
    guard first.digits > 0 else {
      throw VaryError(
        message:
          "\(name) begins at \(first.canonical), and no multiple of that leads on; name 0 by itself, like 0,1..8:log2")
    }
  }

  private static func kind(_ number: VariedNumber) -> String { number.dimension?.name ?? "a number without a unit" }

  private static func units(like text: String) -> String {
    let dimensions = [Quantity.size, .time, .rate]
    guard let (_, rest) = DecimalLiteral.prefix(of: text), !rest.trimmed.isEmpty,
      let nearest = Spelling.nearest(to: rest.trimmed, among: dimensions.flatMap(\.unitNames))
    else { return "write it like \(dimensions.map(\.example).joined(separator: ", ")), 1 % or 10" }
    return "did you mean '\(nearest)'?"
  }

  /// The items of a list. Commas inside brackets and quotes do not separate items.
  private static func split(_ text: String) -> [String] {
    var items = [""]
    var depth = 0
    var quote: Character?
    for character in text {
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if "[{(".contains(character) {
        depth += 1
      } else if "]})".contains(character) {
        depth -= 1
      } else if character == ",", depth <= 0 {
        items.append("")
        continue
      }
      items[items.count - 1].append(character)
    }
    return items
  }
}
