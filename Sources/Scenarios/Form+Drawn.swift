import Network
import Quantities
import RandomStreams
import Timebase

/// A value that is fixed or drawn.
private enum Drawing<Fixed> {
  case fixed(Fixed)
  case drawn(Distribution)
}

extension Form where Value == TimeModel {
  /// A time, or a distribution of times.
  static var timeModel: Form {
    .drawn(
      for: .time, .moment, expectation: "a time like '5 ms', or a distribution like {uniform: {low: 1 ms, high: 5 ms}}",
      TimeModel.constant, TimeModel.drawn
    ) {
      switch $0 {
      case .constant(let time): .fixed(time)
      case .drawn(let distribution): .drawn(distribution)
      }
    }
  }
}

extension Form where Value == CountModel {
  /// A number of packets, or a distribution of it.
  static var countModel: Form {
    .drawn(
      for: .count, .packets, expectation: "a number of packets like 3, or a distribution like {geometric: {p: 0.1}}",
      CountModel.constant, CountModel.drawn
    ) {
      switch $0 {
      case .constant(let count): .fixed(count)
      case .drawn(let distribution): .drawn(distribution)
      }
    }
  }
}

extension Form where Value == ProbabilityModel {
  /// A probability, or a distribution of it.
  static var probabilityModel: Form {
    .drawn(
      for: .probability, .probability,
      expectation: "a probability like '1 %', or a distribution like {beta: {a: 2, b: 98}}", ProbabilityModel.constant,
      ProbabilityModel.drawn
    ) {
      switch $0 {
      case .constant(let probability): .fixed(probability)
      case .drawn(let distribution): .drawn(distribution)
      }
    }
  }
}

// MARK: - Fixed values

extension Form where Value == Nanoseconds {
  /// A fixed time.
  static var moment: Form { .time(saysRange: false) }
}

extension Form where Value == UInt64 {
  /// A fixed number of packets.
  static var packets: Form {
    let range: ClosedRange<UInt64> = 0...(1 << 40)
    return number(
      "a number of packets", range, shown: "0 … \(range.upperBound.grouped)", saysRange: false,
      schema: { ScenarioSchema.integer(range) }, parse: { PlainNumber.integer($0) }, write: { .literal(String($0)) },
      say: { String($0) })
  }
}

extension Form where Value == Double {
  /// A fixed probability.
  static var probability: Form {
    let expectation = "a probability, like '1 %'"
    return Form(
      description: FormDescription(expectation: expectation, schema: { ScenarioSchema.reference("probability") }),
      read: { node, place in
        guard let text = node.scalar else { return place.mismatch(node, expected: expectation) }
        guard let value = place.unwrap(PlainNumber.real(text, percent: true), node) else { return nil }
        guard (0...1).contains(value) else {
          let percent =
            text.contains("%") ? "" : " (a share is written with its sign, like '\(text.trimmed.excerpt) %')"
          return place.refuse(
            node, "\(node.found) is out of range; allowed: 0 … 1, or 0 % … 100 %\(value > 1 ? percent : "")")
        }
        return value + 0  // no negative zero
      }, write: { .literal($0.shortest) }, say: { $0.shortest })
  }
}

extension Form {
  /// A fixed value, by itself or as `{constant: …}`, or a distribution.
  fileprivate static func drawn<Fixed>(
    for use: DistributionForm.Use, _ fixed: Form<Fixed>, expectation: String,
    _ constant: @escaping @Sendable (Fixed) -> Value, _ drawn: @escaping @Sendable (Distribution) -> Value,
    take: @escaping @Sendable (Value) -> Drawing<Fixed>
  ) -> Form {
    Form(
      description: FormDescription(
        expectation: expectation, schema: { ScenarioSchema.reference("\(use.rawValue)_model") }),
      read: { node, place in
        let node = node.fixedValue ?? node
        if node.scalar != nil { return fixed.read(node, place).map(constant) }
        return DistributionReader(use: use, expectation: expectation, place: place).read(node).map(drawn)
      },
      write: { value in
        switch take(value) {
        case .fixed(let value): fixed.write(value)
        case .drawn(let distribution): distribution.written(for: use)
        }
      }, say: { value in if case .fixed(let value) = take(value) { fixed.say(value) } else { nil } })
  }
}

extension SourceNode {
  /// The value in `{constant: 5 ms}`: a fixed value may also be written as a distribution.
  fileprivate var fixedValue: SourceNode? {
    guard let entries, entries.count == 1, entries[0].key == "constant", entries[0].value.scalar != nil else {
      return nil
    }
    return entries[0].value
  }
}

extension DistributionForm.Use {
  /// A value as a number in the unit of the drawn value: seconds, packets, or a probability.
  var measured: Form<Double> {
    switch self {
    case .time:
      Form<Nanoseconds>.moment.map(\.seconds, from: { Nanoseconds(Int64(clamping: Int128(($0 * 1e9).rounded()))) })
    case .count: Form<UInt64>.packets.map({ Double($0) }, from: { UInt64($0) })
    case .probability: .probability
    }
  }
}

extension Distribution {
  /// One key with the parameters below, or with a list of values.
  fileprivate func written(for use: DistributionForm.Use) -> ScenarioValue? {
    let measured = use.measured
    if case .weighted(let values) = self {
      return .keys([
        (DistributionForm.measured.name, .list(values.values.compactMap(measured.write))),
        (MeasuredValues.weightsKey, .list(values.weights.map { .literal($0.shortest) })),
      ])
    }
    guard let (form, values) = form else { return measured.write(mean) }
    if form.isList { return .keys([(form.name, .list(values.compactMap(measured.write)))]) }
    let parameters = zip(form.parameters, values).map { parameter, number -> (String, ScenarioValue) in
      let plain = ScenarioValue.literal(number.shortest)
      switch parameter.measure {
      case .value, .positiveValue: return (parameter.name, measured.write(number) ?? plain)
      case .number: return (parameter.name, plain)
      }
    }
    return .keys([(form.name, .keys(parameters))])
  }
}

extension Double {
  /// The shortest decimal that reads back to this number; a whole number without a point.
  package var shortest: String { self == rounded() && magnitude < 1e15 ? String(Int64(self)) : "\(self)" }
}
