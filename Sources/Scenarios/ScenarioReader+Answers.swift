import Network
import PromotionEngine
import Runs
import Timebase

/// What delays an answer, by the keys that say it.
private struct Delay {
  /// What it is in a sum.
  let name: String
  /// What to lower.
  let cause: String
  let key: String
  let time: Int128
}

/// Checks of whether answers come in time.
extension ScenarioReader {
  /// If an answer is always later than the last repeat, elections and re-admissions never end, or devices fail.
  func checkAnswers(
    of cohorts: [Cohort], at places: [Place], _ network: SimulationConfiguration, _ ways: NetworkWays
  ) {
    let patience = network.parameters.patience
    let service = Delay(
      name: "service", cause: "service", key: "server.service", time: Int128(network.network.service.count))
    for (cohort, place) in zip(cohorts, places) {
      let turnaround = Delay(
        name: "turnaround", cause: "turnaround", key: place.key("turnaround").path,
        time: Int128(cohort.turnaround.count))
      let way = delays(onWayTo: cohort, at: place, ways)
      let onWay = way.reduce(0) { $0 + 2 * $1.time }
      // Either end waits for the other one alone (N4). Some strategies send as well to devices that they never heard.
      let answers = network.strategy.listensToDevices ? [turnaround, service] : [turnaround]
      guard let own = answers.first(where: { onWay + $0.time >= patience }) else { continue }
      let isSlow = own.time >= patience
      let worst = way.enumerated().sorted { ($1.element.time, $0.offset) < ($0.element.time, $1.offset) }
      let keys = worst.map(\.element.key)
      let key =
        ((isSlow ? [own.key] + keys : keys + [own.key]) + ["protocol.timeout", "protocol.retries"])
        .first(where: isGiven) ?? own.key
      func twice(_ terms: [String]) -> String {
        terms.isEmpty
          ? "" : "2 × " + (terms.count == 1 ? terms[0] : "(\(terms.joined(separator: " + ")))") + " + "
      }
      let sum =
        twice(way.map(\.name)) + "\(own.name) = " + twice(way.map { format($0.time) }) + format(own.time)
      let whose = own.key == service.key ? "of the server to" : "of"
      let causes = ["latency", "jitter"].filter(way.map(\.cause).contains) + [own.name]
      let remedies = (causes.count > 2 ? "\(causes[0]), " : "") + causes.suffix(2).joined(separator: " or ")
      error(
        origin(of: key),
        key,
        "no answer \(whose) cohort '\(cohort.name.excerpt)' would come before the last repeat is given up: \(sum)"
          + " is not less than \(patienceText(network.parameters)); raise timeout or retries, or lower \(remedies)"
      )
      // It is the same for all of them.
      if key.hasPrefix("protocol.") || key == service.key { return }
    }
  }

  /// Warns of DATA that take longer than `timeout` to arrive: each repeat puts a copy behind the one that is under way, so the
  /// wait grows until it is longer than all repeats.
  func warnAboutSlowData(
    to cohorts: [Cohort], at places: [Place], _ network: SimulationConfiguration, _ ways: NetworkWays
  ) {
    let asksAgain = network.strategy.isOfPromotionEngine || [.unicast, .wds].contains(network.strategy)
    guard asksAgain, network.file.blocks > 1 else { return }
    let payload = network.fullPayload
    let bytes = Framing(mtu: network.network.mtu).frames(ofPayload: payload).bytes
    let timeout = network.parameters.timeout
    func time(_ bytes: UInt64, at bitsPerSecond: UInt64) -> Double { Double(bytes) * 8e9 / Double(bitsPerSecond) }
    for (cohort, place) in zip(cohorts, places) {
      let onPort = time(bytes, at: ways.slowestPort(to: cohort))
      let inReceiver = cohort.receiver.map { time(payload, at: $0.bitsPerSecond) } ?? 0
      guard max(onPort, inReceiver) > Double(timeout.count) else { continue }
      let isReceiver = inReceiver > onPort
      let keys =
        isReceiver
        ? [place.key("receiver").path] : [place.key("link").path, "segments", "server.rate", "protocol.blksize"]
      let key = keys.first(where: isGiven) ?? "protocol.timeout"
      let took = format(.microseconds(Int64((max(onPort, inReceiver) / 1e5).rounded(.up)) * 100))
      warn(
        origin(of: key), key,
        "a DATA packet of \(payload.grouped) B takes \(took) \(isReceiver ? "to be read by" : "on the slowest port to") a"
          + " device of cohort '\(cohort.name.excerpt)', longer than timeout, \(format(timeout)): it is asked for again"
          + " before it is there, and devices fail; raise timeout, or lower blksize")
      if !key.hasPrefix("cohorts") { return }
    }
  }

  /// What a packet to or from a device is delayed by at least. What is drawn may be short.
  private func delays(onWayTo cohort: Cohort, at place: Place, _ ways: NetworkWays) -> [Delay] {
    func delay(_ name: String, _ model: TimeModel) -> Delay? {
      let time = Int128(model.least.count)
      guard case .drawn = model else { return Delay(name: name, cause: name, key: place.key(name).path, time: time) }
      return time > 0 ? Delay(name: "least \(name)", cause: name, key: place.key(name).path, time: time) : nil
    }
    let ports = ways.laggard(to: cohort).map {
      Delay(
        name: "latencies of segments", cause: "latency", key: "segments.\($0.excerpt).latency",
        time: ways.latency(to: cohort))
    }
    let jitter = cohort.jitter.flatMap { delay("jitter", $0) }.flatMap { $0.time > 0 ? $0 : nil }
    return [delay("latency", cohort.latency), ports, jitter].compactMap(\.self)
  }
}
