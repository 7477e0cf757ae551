/// A kind of quantity with its units: how a value with a unit becomes a whole number of base units and back.
package struct Quantity: Hashable, Sendable {
  /// One unit: its spelling and its size in base units.
  package struct Unit: Hashable, Sendable {
    package let name: String
    package let factor: UInt64
  }

  /// The name of such a value in a message, with its article.
  package let name: String
  /// The base unit, in the plural.
  package let base: String
  /// The units, in the order in which messages name them.
  package let units: [Unit]
  /// An example of a valid value.
  package let example: String

  /// Bytes.
  package static let size = Quantity(
    name: "a size",
    base: "bytes",
    units: units(("B", 1))
      + units(("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000))
      + units(("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40)),
    example: "48 MiB"
  )

  /// Nanoseconds.
  package static let time = Quantity(
    name: "a time",
    base: "nanoseconds",
    units: units(("ns", 1), ("us", 1_000), ("µs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000))
      + units(("min", 60_000_000_000), ("h", 3_600_000_000_000), ("d", 86_400_000_000_000)),
    example: "6.5 s"
  )

  /// Bits per second.
  package static let rate = Quantity(
    name: "a rate",
    base: "bits per second",
    units: units(("bit/s", 1), ("kbit/s", 1_000), ("Mbit/s", 1_000_000), ("Gbit/s", 1_000_000_000))
      + units(("Tbit/s", 1_000_000_000_000)),
    example: "1 Gbit/s"
  )

  private static func units(_ units: (String, UInt64)...) -> [Unit] { units.map { Unit(name: $0.0, factor: $0.1) } }
  private static let all = [size, time, rate]
  /// Common spellings that are too far from the unit for an edit distance.
  private static let synonyms = [
    "sec": "s", "secs": "s", "second": "s", "seconds": "s", "msec": "ms", "usec": "us", "minute": "min",
    "minutes": "min",
    "hr": "h", "hour": "h", "hours": "h", "day": "d", "days": "d", "byte": "B", "bytes": "B", "bps": "bit/s",
    "kbps": "kbit/s", "mbps": "Mbit/s", "gbps": "Gbit/s", "tbps": "Tbit/s",
  ]

  /// The names of the units, as a message lists them.
  package var unitNames: [String] { units.map(\.name) }

  /// Reads a value such as `6.5 s` into base units, exactly.
  package func parse(_ text: String) -> Result<UInt64, QuantityError> {
    guard let (number, rest) = DecimalLiteral.prefix(of: text.trimmed) else {
      return .failure(
        QuantityError("'\(text.excerpt)' is not \(name); write a number and a unit, like '\(example)'")
      )
    }
    return unit(named: rest, negative: number.negative && number.digits != 0, of: text).flatMap { unit in
      switch number.whole(times: unit.factor) {
      case .value(let value): .success(value)
      case .lossy: .failure(QuantityError("'\(text.excerpt)' is not a whole number of \(base)"))
      case .tooLarge: .failure(QuantityError("'\(text.excerpt)' is too large"))
      }
    }
  }

  /// Reads a value whose number has an exponent, such as `1e30 s`, in units of so many base units, where a real number will
  /// do. Nil for another text, which ``parse(_:)`` reads exactly.
  package func scientific(_ text: String, per size: UInt64) -> Result<Double, QuantityError>? {
    guard let (number, behind) = DecimalLiteral.prefix(of: text.trimmed),
      let (exponent, rest) = DecimalLiteral.exponent(of: behind)
    else { return nil }
    return unit(named: rest, negative: number.negative && number.digits != 0, of: text).flatMap { unit in
      let value = number.double(dividedByPowerOfTen: -exponent) * (Double(unit.factor) / Double(size))
      return value.isFinite && !number.isTooLong
        ? .success(value) : .failure(QuantityError("'\(text.excerpt)' is too large"))
    }
  }

  /// The unit behind a number.
  private func unit(named rest: String, negative: Bool, of text: String) -> Result<Unit, QuantityError> {
    let unitName = rest.trimmed == "μs" ? "µs" : rest.trimmed  // Greek mu for the micro sign
    guard !unitName.isEmpty else {
      let listed = unitNames.joined(separator: ", ")
      return .failure(QuantityError("'\(text.excerpt)' has no unit; allowed units: \(listed) (like '\(example)')"))
    }
    guard let unit = units.first(where: { $0.name == unitName }) else { return .failure(unknown(unitName, text)) }
    guard !negative else { return .failure(QuantityError("'\(text.excerpt)' is negative; \(name) starts at 0")) }
    return .success(unit)
  }

  private func unknown(_ unit: String, _ text: String) -> QuantityError {
    if let other = Quantity.all.first(where: { $0.unitNames.contains(unit) }) {
      return QuantityError("'\(text.excerpt)' is \(other.name), but \(name) is expected, like '\(example)'")
    }
    if unit == "%" { return QuantityError("'\(text.excerpt)' is a share, but \(name) is expected, like '\(example)'") }
    if unit.hasPrefix(",") {
      return QuantityError("'\(text.excerpt)' has a comma; write decimals with a point, like '\(example)'")
    }
    let synonym = Quantity.synonyms[unit.lowercased()].flatMap { unitNames.contains($0) ? $0 : nil }
    let nearest = synonym ?? Spelling.nearest(to: unit, among: unitNames)
    return QuantityError(
      "'\(text.excerpt)' has an unknown unit '\(unit.excerpt)'; allowed units: \(unitNames.joined(separator: ", "))",
      suggestion: nearest
    )
  }

  /// Writes base units with the largest unit that leaves a whole number: `6500 ms`, `48 MiB`.
  package func format(_ value: UInt64) -> String {
    let fitting = units.filter { value.isMultiple(of: $0.factor) && $0.name != "µs" }
    let unit = value == 0 ? fitting.first { $0.name == zeroUnit } : fitting.max { $0.factor < $1.factor }
    guard let unit else { return "\(value) \(units[0].name)" }
    return "\(value / unit.factor) \(unit.name)"
  }

  private var zeroUnit: String {
    switch self {
    case .time: "s"
    default: units[0].name
    }
  }

  /// A regular expression (ECMA 262) of every value of this dimension, for the JSON Schema.
  package var pattern: String {
    let names = unitNames.map { $0.replacing("/", with: "\\/") }.joined(separator: "|")
    return "^\\+?[0-9]+([_ ][0-9]+)*(\\.[0-9]+)?\\s*(\(names))$"
  }
}

/// Why a text is no quantity: a message that says what is allowed, and the nearest right spelling if one is near.
package struct QuantityError: Error, Hashable {
  package let message: String
  package let suggestion: String?

  package init(_ message: String, suggestion: String? = nil) {
    self.message = message
    self.suggestion = suggestion
  }
}

/// Numbers without a dimension.
package enum PlainNumber {
  /// A whole number such as `10_000_000`.
  package static func integer(_ text: String) -> Result<UInt64, QuantityError> {
    guard let (number, rest) = DecimalLiteral.prefix(of: text.trimmed) else {
      return .failure(QuantityError("'\(text.excerpt)' is not a whole number"))
    }
    guard rest.isEmpty else {
      return .failure(QuantityError("'\(text.excerpt)' is not a whole number; write digits only, without a unit"))
    }
    guard !number.negative || number.digits == 0 else {
      return .failure(QuantityError("'\(text.excerpt)' is negative"))
    }
    switch number.whole(times: 1) {
    case .value(let value): return .success(value)
    case .lossy: return .failure(QuantityError("'\(text.excerpt)' is not a whole number"))
    case .tooLarge: return .failure(QuantityError("'\(text.excerpt)' is too large"))
    }
  }

  /// A real number such as `0.5` or `1e-5`; `1 %` too when a share is `allowed`.
  package static func real(_ text: String, percent allowed: Bool) -> Result<Double, QuantityError> {
    let trimmed = text.trimmed
    if let (number, rest) = DecimalLiteral.prefix(of: trimmed), !number.isTooLong {
      if rest.isEmpty { return .success(number.double()) }
      if rest.trimmed == "%", allowed { return .success(number.double(dividedByPowerOfTen: 2)) }
    }
    if let value = Double.decimal(trimmed) { return .success(value) }
    let expected = allowed ? "a probability; write a number from 0 to 1 or a share like '1 %'" : "a plain number"
    return .failure(QuantityError("'\(text.excerpt)' is not \(expected)"))
  }
}
