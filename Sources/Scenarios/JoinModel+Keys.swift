import Network
import Timebase

private let joinExpectation = "a time like '0 s', {at: …}, {every: …}, or a list of times"

extension Form where Value == JoinModel {
  /// When devices are switched on: a time, keys, or a list of times.
  static var join: Form { plainJoin.shared("join") }

  private static var plainJoin: Form {
    .ways(
      joinExpectation,
      [
        (
          .text,
          Form<Nanoseconds>.moment.map(
            { .at(.constant($0)) }, from: { if case .at(.constant(let time)) = $0 { time } else { nil } })
        ), (.list, times.map({ .list($0) }, from: { if case .list(let times) = $0 { times } else { nil } })),
        (.keys, keys),
      ])
  }

  /// One time for each device.
  private static var times: Form<[Nanoseconds]> {
    .list(.moment, joinExpectation).refusing { node, place in
      let (count, devices) = (node.elements?.count ?? 0, place.devices)
      guard count != devices else { return nil }
      return
        "lists \(count == 1 ? "1 time" : "\(count) times") for a count of \(devices); give one time for each device"
    }
  }

  private static var keys: Form {
    var form = Form<JoinKeys>.section(JoinKeys.keys).map(
      { keys, node, place -> JoinModel? in
        if let model = keys.model { return model }
        let at = place.key("at")
        at.error(at.reader.origin(of: at.path), "must be a fixed time like '0 s' beside 'every'")
        return nil
      }, from: { JoinKeys($0) }
    ).refusing { node, _ in node.entries?.isEmpty == true ? node.isNot(joinExpectation) : nil }
    form.description.schema = { [schema = form.description.schema] in schema() + [("minProperties", .literal("1"))] }
    return form
  }
}

/// The keys that say when devices are switched on.
private struct JoinKeys: Sendable {
  var at = TimeModel.constant(.zero)
  var every: TimeModel?

  init() {}

  init?(_ model: JoinModel) {
    switch model {
    case .at(let time): at = time
    case .every(let interval, let start): (at, every) = (.constant(start), interval)
    case .list: return nil
    }
  }

  /// The times that the keys give; nil if the first of several in a row is drawn.
  var model: JoinModel? {
    guard let every else { return .at(at) }
    guard case .constant(let start) = at else { return nil }
    return .every(every, start: start)
  }

  static let keys = Section(JoinKeys()) {
    Key(
      "at", \.at, .timeModel, example: "{uniform: {low: 0 s, high: 5 min}}",
      """
      Each device joins at a time of its own draw; beside `every`, the fixed time from which the first one is counted.
      """)
    Key(
      "every", \.every, .optional(.timeModel), example: "{exponential: {mean: 2 s}}",
      """
      The devices join one after the other, this far apart, the first one this long after `at`.
      """
    ).defaulting(to: "not used")
  }.hinting(distributionsGoUnderAt)
}

extension Form where Value == LeaveModel {
  /// When devices are switched off: never, at a time, or some of them, each at its own time.
  static var leaves: Form {
    .ways(
      "none, a time like '5 s', {at: …}, or a list like [{device: 1, at: 5 s}]",
      [
        (.text, Form<Nanoseconds>.moment.map({ .at(.constant($0)) }, from: { _ in nil })),
        (
          .keys,
          Form<TimeModel>.section(everybody).map(
            { .at($0) }, from: { if case .at(let time) = $0 { time } else { nil } })
        ),
        (
          .list,
          devices.map(
            { $0.isEmpty ? .never : .devices($0) }, from: { if case .devices(let leaves) = $0 { leaves } else { nil } })
        ),
      ]
    ).orNone(.never).shared("leaves")
  }

  private static var everybody: Section<TimeModel> {
    Section(TimeModel.constant(.zero)) {
      Key("at", \.self, .timeModel, example: "5 s", "Every device is switched off at a time of its own draw.").required
    }.hinting(distributionsGoUnderAt)
  }

  private static var devices: Form<[DeviceLeave]> {
    let keys = Section(DeviceLeave(device: 1, at: .zero), title: "`leaves` as a list") {
      Key(
        "device", \.device, .integer(1...ScenarioKeys.mostDevices), example: "1",
        "A device by its number within the cohort, from 1."
      ).required
      Key("at", \.at, .time(), example: "5 s", "When this device is switched off.").required
    }
    return .list(.section(keys, expecting: "{device: 1, at: 5 s}"), "a list") { leaves, places in
      var seen = Set<Int>()
      for (device, place) in zip(leaves.map(\.device), places.map { $0.key("device") }) {
        let origin = place.reader.origin(of: place.path)
        if device > place.devices {
          place.error(origin, "\(device) is no device of this cohort; allowed: 1 … \(place.devices)")
        } else if !seen.insert(device).inserted {
          place.error(origin, "\(device) already leaves at another time; give each device once")
        }
      }
    }
  }
}

/// A distribution in the place of `at`.
@Sendable private func distributionsGoUnderAt(_ word: String, in mapping: ScenarioReader.Mapping) -> String? {
  guard mapping["at"] == nil, DistributionForm.all.contains(where: { $0.name == word }) else { return nil }
  return "a distribution goes under 'at', like {at: {\(word): …}}"
}
