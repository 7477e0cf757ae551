import NetworkModel
import PromotionEngine
import RandomStreams
import Timebase
import Quantities

extension Scenario {
  /// The scenario as it is run, in YAML: defaults filled in, overrides applied, traces written out.
  ///
  /// It depends on the value alone, names no file, and reads back to the same scenario.
  public func canonicalYAML() -> String {
    // Emitting a tree that this file makes cannot fail; JSON is YAML too.
    YAMLEmitter.text(of: canonical) ?? canonicalJSON()
  }

  /// The same in JSON.
  public func canonicalJSON() -> String { canonical.json() + "\n" }

  /// The keys in the order of the reference page; those that are left open are not written.
  var canonical: ScenarioValue {
    .keys(
      [
        ("gapsim", .integer(ScenarioKeys.formatVersion)),
        ("name", .string(name)),
        description.isEmpty ? nil : ("description", .string(description)),
        ("seed", .integer(seed)),
        ("replications", .integer(replications)),
        ("file", .keys([("size", .size(network.file.size))])),
        network.timelineStep.map { ("timeline", .time($0)) },
        expectations.isEmpty ? nil : ("expect", .list(expectations.map(\.canonical))),
        ("protocol", network.parameters.canonical),
        ("server", network.canonicalServer),
        ("cohorts", .list(network.cohorts.map(\.canonical))),
        (
          "limits",
          .keys(
            [
              ("time", .time(network.limits.time)), ("events", .integer(network.limits.events)),
              memoryLimit.map { ("memory", .size($0)) },
            ].compactMap(\.self))
        ),
        sweep.map { ("sweep", $0.canonical) },
      ].compactMap(\.self)
    )
  }
}

extension ScenarioValue {
  fileprivate static func integer(_ value: some BinaryInteger) -> ScenarioValue { .literal(String(value)) }
  fileprivate static func packets(_ run: ClosedRange<UInt64>) -> ScenarioValue {
    run.count == 1 ? .integer(run.lowerBound) : .string("\(run.lowerBound)-\(run.upperBound)")
  }
  fileprivate static func size(_ bytes: UInt64) -> ScenarioValue { .string(Quantity.size.format(bytes)) }
  fileprivate static func time(_ time: Nanoseconds) -> ScenarioValue {
    .string(Quantity.time.format(UInt64(clamping: time.count)))
  }
}

extension ProtocolParameters {
  fileprivate var canonical: ScenarioValue {
    .keys([
      ("mode", .string(mode.rawValue)),
      ("blksize", .size(UInt64(blockSize))),
      ("windowsize", .integer(windowSize)),
      ("block_numbers", .literal(wideBlockNumbers ? "32" : "16")),
      ("timeout", .time(timeout)),
      ("retries", .integer(retries)),
      ("session_timeout", .time(sessionTimeout)),
      ("group_timeout", .time(groupTimeout)),
      ("notice_copies", .integer(noticeCopies)),
      ("notice_interval", .time(noticeInterval)),
      ("active_order", .string(activeOrder.rawValue)),
      ("listen_delay", .time(listenDelay)),
      ("reopen_delay", .time(reopenDelay)),
      ("promotion", promotion.canonical),
    ])
  }
}

extension PromotionParameters {
  fileprivate var canonical: ScenarioValue {
    .keys(
      [
        ("threshold", .size(threshold)),
        ("continuity", .integer(continuity)),
        maxGaps.map { ("max_gaps", .integer($0)) },
        maxLargestGap.map { ("max_largest_gap", .integer($0)) },
        maxChain.map { ("max_chain", .integer($0)) },
        maxSmart.map { ("max_smart", .integer($0)) },
        ("smart_order", .string(smartOrder.rawValue)),
        ("smart_window", .integer(smartWindow)),
        ("smart_listens", .literal(smartListens ? "true" : "false")),
        ("report_window", .time(reportWindow)),
      ].compactMap(\.self)
    )
  }
}

extension NetworkConfiguration {
  fileprivate var canonicalServer: ScenarioValue {
    .keys(
      [
        ("rate", .string(Quantity.rate.format(uplinkBitsPerSecond))),
        uplinkQueue.map { ("queue", .integer($0)) },
        ("service", .time(service)),
        ("shared_loss", sharedLoss.canonical),
      ].compactMap(\.self)
    )
  }
}

extension Cohort {
  fileprivate var canonical: ScenarioValue {
    .keys(
      [
        ("name", .string(name)),
        ("count", .integer(count)),
        ("join", join.canonical),
        leave.canonical.map { ("leaves", $0) },
        ("latency", latency.canonical),
        jitter.map { ("jitter", $0.canonical) },
        ("turnaround", .time(turnaround)),
        ("loss", downLoss.canonical),
        ("upstream_loss", upLoss.canonical),
      ].compactMap(\.self)
    )
  }
}

extension JoinModel {
  fileprivate var canonical: ScenarioValue {
    switch self {
    case .at(let time): .keys([("at", time.canonical)])
    case .every(let interval, let start): .keys([("at", .time(start)), ("every", interval.canonical)])
    case .list(let times): .list(times.map { .time($0) })
    }
  }
}

extension LeaveModel {
  fileprivate var canonical: ScenarioValue? {
    switch self {
    case .never: nil
    case .at(let time): .keys([("at", time.canonical)])
    case .devices(let leaves):
      .list(leaves.map { .keys([("device", .integer($0.device)), ("at", .time($0.at))]) })
    }
  }
}

extension LossModel {
  fileprivate var canonical: ScenarioValue {
    switch self {
    case .none: .string("none")
    case .bernoulli(let p): .keys([("bernoulli", .keys([("p", p.canonical)]))])
    case .gilbertElliott(let p, let r, let k, let h):
      .keys([
        (
          "gilbert_elliott",
          .keys([("p", p.canonical), ("r", r.canonical), ("k", k.canonical), ("h", h.canonical)])
        )
      ])
    case .runs(let good, let lost): .keys([("runs", .keys([("good", good.canonical), ("lost", lost.canonical)]))])
    case .trace(let lists): .keys([("trace", .list(lists.map { .list($0.runs.map(ScenarioValue.packets)) }))])
    }
  }
}

extension TimeModel {
  fileprivate var canonical: ScenarioValue {
    switch self {
    case .constant(let time): .time(time)
    case .drawn(let distribution):
      distribution.canonical { .time(Nanoseconds(Int64(clamping: Int128(($0 * 1e9).rounded())))) }
    }
  }
}

extension CountModel {
  fileprivate var canonical: ScenarioValue {
    switch self {
    case .constant(let count): .integer(count)
    case .drawn(let distribution): distribution.canonical { .literal($0.shortest) }
    }
  }
}

extension ProbabilityModel {
  fileprivate var canonical: ScenarioValue {
    switch self {
    case .constant(let probability): .literal(probability.shortest)
    case .drawn(let distribution): distribution.canonical { .literal($0.shortest) }
    }
  }
}

extension Distribution {
  /// One key over the parameters; `value` writes those in the measure of what is drawn.
  fileprivate func canonical(_ value: (Double) -> ScenarioValue) -> ScenarioValue {
    let (name, values) = written
    guard let form = DistributionForm.all.first(where: { $0.name == name }) else { return value(values[0]) }
    if form.isList { return .keys([(name, .list(values.map(value)))]) }
    let parameters = zip(form.parameters, values).map { parameter, number -> (String, ScenarioValue) in
      switch parameter.measure {
      case .value, .positiveValue: (parameter.name, value(number))
      case .number: (parameter.name, .literal(number.shortest))
      }
    }
    return .keys([(name, .keys(parameters))])
  }
}
