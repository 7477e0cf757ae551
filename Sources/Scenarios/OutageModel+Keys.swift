import Network
import Timebase

extension Form where Value == OutageModel {
  /// When nothing passes a path (N13): again and again, or at listed times.
  static var outages: Form {
    let expectation = "{every: …, for: …}, or a list like [{at: 10 s, for: 2 s}]"
    return .ways(
      expectation,
      [
        (
          .keys,
          Form<RecurringOutages>.section(RecurringOutages.keys, expecting: expectation)
            .map({ $0.model }, from: { RecurringOutages($0) })
        ),
        (.list, listed.map({ .list($0) }, from: { if case .list(let outages) = $0 { outages } else { nil } })),
      ])
  }

  private static var listed: Form<[Outage]> {
    let keys = Section(Outage(at: .zero, lasting: .zero), title: "Loss: `outages` as a list") {
      Key("at", \.at, .time(), example: "10 s", "When the outage begins.").required
      Key("for", \.lasting, .time(), example: "2 s", "How long it lasts.").required
    }
    return .list(.section(keys, expecting: "{at: 10 s, for: 2 s}"), "a list")
  }
}

/// Outages that come again and again.
private struct RecurringOutages: Sendable {
  var every = TimeModel.constant(.zero)
  var lasting = TimeModel.constant(.zero)
  var first: TimeModel?

  init() {}

  init?(_ model: OutageModel) {
    guard case .recurring(let every, let lasting, let first) = model else { return nil }
    (self.every, self.lasting, self.first) = (every, lasting, first)
  }

  var model: OutageModel { .recurring(every: every, lasting: lasting, first: first) }

  static let keys = Section(RecurringOutages(), title: "Loss: `outages`") {
    Key(
      "every", \.every, .distance, example: "{exponential: {mean: 10 min}}",
      "The time from the beginning of one outage to that of the next, drawn anew each time; at least 10 us in the mean."
    ).required
    Key("for", \.lasting, .timeModel, example: "2 s", "How long an outage lasts, drawn anew each time.").required
    Key("first", \.first, .optional(.timeModel), example: "0 s", "When the first outage begins.")
      .defaulting(to: "`every` after 0")
  }.checked { outages, node, place in
    if case (.constant(let every), .constant(let lasting)) = (outages.every, outages.lasting), every > .zero,
      lasting >= every
    {
      place.warn(node.origin, "an outage lasts until the next one begins: from the first one on nothing passes")
    }
    return true
  }
}

extension Form where Value == TimeModel {
  /// From the beginning of an outage to that of the next. Each one costs time, whether a packet meets it or not.
  ///
  /// The mean counts: a single draw may be shorter.
  fileprivate static var distance: Form {
    Form.timeModel.map(
      { model, node, place in
        guard model.mean < least.seconds else { return model }
        let found = if case .constant = model { node.found } else { "the mean of \(node.found)" }
        return place.refuse(
          node, "\(found) is out of range; allowed: 10 us … 365 d, for what comes more often is no outage")
      }, from: { $0 })
  }

  private static var least: Nanoseconds { .microseconds(10) }
}
