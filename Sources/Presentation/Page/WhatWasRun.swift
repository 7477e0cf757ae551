import Experiments
import Network
import Quantities
import Results
import Runs
import Scenarios

/// What was run, in a sentence: how many devices, which image, over what, with which losses, how often.
struct WhatWasRun: Sendable {
  private let scenario: Scenario
  private let folder: ResultsFolder
  /// The keys that differ from run to run.
  private let varied: Set<String>
  /// The keys that a tuning chose.
  private let tuned: [String]

  init(_ scenario: Scenario, _ folder: ResultsFolder) throws {
    (self.scenario, self.folder) = (scenario, folder)
    guard folder.kind == .tune else {
      (varied, tuned) = (Set(folder.manifest.sweep?.varied ?? []), [])
      return
    }
    let outcome = try TuneData.Outcome(folder)
    let chosen = outcome.answer?.chosen.keys.sorted() ?? []
    tuned = chosen.isEmpty ? [Self.threshold] : chosen
    varied = Set(tuned + outcome.environmentKeys)
  }

  private static let threshold = "protocol.promotion.threshold"

  private var network: NetworkConfiguration { scenario.network.network }

  /// The sentence. What a sweep varies is said as what varies, and not by the value that the scenario has.
  var sentence: String {
    if folder.isLive {
      return "\(HumanUnits.plural(scenario.devices, "device")) at most fetched an image of "
        + "\(Quantity.size.format(scenario.bytes)) on real wires, \(way); \(HumanUnits.plural(scenario.replications, "run"))."
    }
    let parts = [losses, ports, design].filter { !$0.isEmpty }
    let image =
      varied.contains("file.size") ? "images of several sizes" : "an image of \(Quantity.size.format(scenario.bytes))"
    let rate = varied.contains("server.rate") ? "several rates" : Quantity.rate.format(network.uplinkBitsPerSecond)
    return "\(devices) fetch \(image) over \(rate), \(way)" + parts.map { "; " + $0 }.joined() + "."
  }

  private var devices: String {
    guard !varied.contains(where: { $0.hasPrefix("cohorts") && $0.hasSuffix(".count") }) else {
      return "Several numbers of devices"
    }
    let count = HumanUnits.plural(scenario.devices, "device")
    let cohorts = network.cohorts
    guard cohorts.count > 1 else { return count }
    let shown = cohorts.prefix(4).map { "\(HumanUnits.grouped(Double($0.count), decimals: 0)) \($0.name)" }
    return count + " (" + shown.joined(separator: ", ") + (cohorts.count > shown.count ? ", …" : "") + ")"
  }

  /// By which protocol.
  private var way: String {
    let strategy = scenario.network.strategy
    if folder.isRace { return "each way by itself" }
    guard strategy.promotes else { return "by \(strategy.rawValue)" }
    let threshold = scenario.network.parameters.promotion.threshold
    let mode = scenario.network.parameters.mode == .pxeMTFTP ? "the MTFTP of PXE" : "multicast TFTP"
    return "by \(mode) with promotion"
      + (varied.contains(Self.threshold)
        ? "" : threshold == 0 ? " of nobody" : " below \(Quantity.size.format(threshold))")
  }

  /// What gets lost on the way down.
  private var losses: String {
    let own = network.cohorts.map(\.downLoss)
    var parts: [String] = []
    if own.contains(where: \.isTrace) {
      parts.append("packets to a device as a trace says")
    } else if own.contains(where: { $0 != .none }) {
      let isVaried = varied.contains { $0.hasPrefix("cohorts") && $0.contains(".loss") }
      parts.append((isVaried ? "varied shares" : Self.share(own)) + " of the packets to a device")
    }
    if network.sharedLoss != .none { parts.append(Self.share([network.sharedLoss]) + " before the fan-out") }
    let segments = network.segments.map(\.loss).filter { $0 != .none }
    if !segments.isEmpty { parts.append(Self.share(segments) + " on segments") }
    return parts.isEmpty ? "no loss on the paths" : "lost: " + parts.joined(separator: ", ")
  }

  /// The expected shares of some losses, as a range.
  private static func share(_ losses: [LossModel]) -> String {
    if losses.contains(where: \.isTrace) { return "what a trace says" }
    let shares = losses.map(\.expectedShare)
    guard let least = shares.min(), let most = shares.max() else { return "none" }
    let isExact = losses.allSatisfy { if case .bernoulli(.constant) = $0 { true } else { $0 == .none } }
    let text = least == most ? percent(least) : "\(percent(least)) to \(percent(most))"
    return isExact ? text : "about " + text
  }

  private static func percent(_ share: Double) -> String {
    share == 0 ? "0 %" : DisplayUnit.short((share * 1e6).rounded() / 1e4) + " %"
  }

  /// What else stands between the server and a device.
  private var ports: String {
    var parts: [String] = []
    if let queue = network.uplinkQueue { parts.append("a queue of \(HumanUnits.plural(queue, "frame")) at the uplink") }
    if !network.segments.isEmpty {
      parts.append("\(HumanUnits.plural(network.segments.count, "segment")) below the uplink")
    }
    if network.cohorts.contains(where: { $0.link != nil }) { parts.append("links of their own") }
    if network.cohorts.contains(where: { $0.receiver != nil }) { parts.append("receivers with limits") }
    return parts.joined(separator: ", ")
  }

  /// How often, and what varied.
  private var design: String {
    let seed = "from seed \(folder.manifest.seed)"
    let replications = HumanUnits.plural(scenario.replications, "replication")
    switch folder.kind {
    case .run: return "\(replications) \(seed)"
    case .tune:
      let subject = tuned == [Self.threshold] ? "the threshold" : tuned.joined(separator: " × ")
      return "\(subject) \(tuned.count == 1 ? "was" : "were") tuned \(seed)"
    case .sweep:
      guard let sweep = folder.manifest.sweep else { return replications }
      // A directory may have come from elsewhere, and lack the list of its points.
      let points =
        sweep.points.isEmpty ? "" : HumanUnits.plural(sweep.points.count, folder.isRace ? "strategy" : "point") + ", "
      let noun =
        folder.isRace
        ? points.replacing("strategys", with: "strategies") : points + "of \(sweep.varied.joined(separator: " × ")), "
      return "\(noun)\(HumanUnits.plural(sweep.runs, "run")) \(seed)"
    }
  }
}

extension LossModel {
  fileprivate var isTrace: Bool { if case .trace = self { true } else { false } }
}
