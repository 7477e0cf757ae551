import BlockTransfer
import BootService
import Metrics
import PromotionEngine
import Synchronization
import Timebase

/// Counts what happens at a server, as metrics of swift-metrics.
package final class ServerMetrics: Sendable {
  /// The name that stands for all groups of plain transfers.
  private static let noGroup = "none"

  private let factory: any MetricsFactory
  private let state: Mutex<State>

  private struct State {
    var groups: [GroupID: GroupMetrics] = [:]
    var transfers = 0
    let plainPackets: Counter
    let plainBytes: Counter
  }

  /// Counts with a factory, and says which version of the program it is.
  package init(_ factory: any MetricsFactory, version: String) {
    self.factory = factory
    let labels = [("group", Self.noGroup), ("kind", "tftp")]
    state = Mutex(
      State(
        plainPackets: Counter(label: LiveMetric.dataPackets.rawValue, dimensions: labels, factory: factory),
        plainBytes: Counter(label: LiveMetric.dataBytes.rawValue, dimensions: labels, factory: factory)))
    meter(.info, [("version", version)]).set(1)
    meter(.groups).set(0)
    meter(.transfers).set(0)
  }

  /// Takes what happens at the server.
  package func note(_ event: ServerEvent, at now: Nanoseconds) {
    state.withLock { note(event, at: now, &$0) }
  }

  private func note(_ event: ServerEvent, at now: Nanoseconds, _ state: inout State) {
    switch event {
    case .groupOpened(let id, let group):
      state.groups[id] = GroupMetrics(group, factory)
      meter(.groups).set(state.groups.count)
    case .groupClosed(let id):
      state.groups.removeValue(forKey: id)?.close()
      meter(.groups).set(state.groups.count)
    case .joined(_, let id, _, let knowsPromotion):
      let isMTFTP = state.groups[id]?.mode == .pxeMTFTP
      count(.requests, [("way", isMTFTP ? "mtftp" : knowsPromotion ? "promotion" : "rfc2090")])
      state.groups[id]?.note(event, at: now)
    case .transferBegan:
      state.transfers += 1
      count(.requests, [("way", "tftp")])
      meter(.transfers).set(state.transfers)
    case .transferSent(_, let first, let last, let bytes):
      state.plainPackets.increment(by: UInt64(last - min(first, last)) + 1)
      state.plainBytes.increment(by: bytes)
    case .transferEnded(_, let closing):
      state.transfers -= 1
      count(.transfersEnded, [("ended", closing.word)])
      meter(.transfers).set(state.transfers)
    case .refused(_, _, let code, _): count(.refusals, [("code", "\(code.rawValue)")])
    case .stray: count(.strays)
    default:
      guard let id = event.group else { return }
      state.groups[id]?.note(event, at: now)
    }
  }

  private func count(_ metric: LiveMetric, _ labels: [(String, String)] = []) {
    Counter(label: metric.rawValue, dimensions: labels, factory: factory).increment()
  }

  private func meter(_ metric: LiveMetric, _ labels: [(String, String)] = []) -> Meter {
    Meter(label: metric.rawValue, dimensions: labels, factory: factory)
  }
}

/// The metrics of one group.
private struct GroupMetrics {
  let mode: MulticastMode
  private let name: String
  private let factory: any MetricsFactory
  private let multicastPackets, multicastBytes, unicastPackets, unicastBytes: Counter
  private var joined: [DeviceID: Nanoseconds] = [:]
  private var standings: [DeviceID: StandingName] = [:]
  private var counts: [StandingName: Int] = [:]

  init(_ group: GroupDescription, _ factory: any MetricsFactory) {
    let name = "\(group.fileName):\(group.terms.blockSize)x\(group.terms.windowSize)"
    func counter(_ metric: LiveMetric, _ kind: String) -> Counter {
      Counter(label: metric.rawValue, dimensions: [("group", name), ("kind", kind)], factory: factory)
    }
    (mode, self.name, self.factory) = (group.mode, name, factory)
    multicastPackets = counter(.dataPackets, "multicast")
    multicastBytes = counter(.dataBytes, "multicast")
    unicastPackets = counter(.dataPackets, "unicast")
    unicastBytes = counter(.dataBytes, "unicast")
  }

  mutating func note(_ event: ServerEvent, at now: Nanoseconds) {
    switch event {
    case .joined(let device, _, _, _): joined[device] = now
    case .standing(let device, _, let standing): enter(standing, device, at: now)
    case .left(let device, _, _): enter(.struckOff, device, at: now)
    case .reported(_, _, let report):
      Recorder(label: LiveMetric.gapBytes.rawValue, dimensions: [("group", name)], factory: factory)
        .record(report.totalGapBytes)
    case .sessionEnded(_, _, let end):
      Counter(
        label: LiveMetric.sessions.rawValue, dimensions: [("group", name), ("ended", end.rawValue)], factory: factory
      ).increment()
    case .sentToGroup(_, let first, let last, let bytes):
      multicastPackets.increment(by: UInt64(last - min(first, last)) + 1)
      multicastBytes.increment(by: bytes)
    case .sentToDevice(_, _, _, let bytes):
      unicastPackets.increment()
      unicastBytes.increment(by: bytes)
    default: break
    }
  }

  private mutating func enter(_ standing: StandingName, _ device: DeviceID, at now: Nanoseconds) {
    if let before = standings[device] { count(-1, before) }
    standings[device] = standing
    count(1, standing)
    if standing == .smart {
      Counter(label: LiveMetric.promotions.rawValue, dimensions: [("group", name)], factory: factory).increment()
    }
    if standing == .complete, let since = joined.removeValue(forKey: device) {
      Metrics.Timer(label: LiveMetric.completion.rawValue, dimensions: [("group", name)], factory: factory)
        .recordNanoseconds((now - since).count)
    }
  }

  private mutating func count(_ change: Int, _ standing: StandingName) {
    counts[standing, default: 0] += change
    gauge(standing).set(counts[standing, default: 0])
  }

  private func gauge(_ standing: StandingName) -> Meter {
    let role = standing == .struckOff ? "gone" : standing.rawValue
    return Meter(label: LiveMetric.devices.rawValue, dimensions: [("group", name), ("role", role)], factory: factory)
  }

  /// Nobody is in the group any more.
  func close() {
    for standing in counts.keys { gauge(standing).set(0) }
  }
}

extension TransferClosing {
  fileprivate var word: String {
    switch self {
    case .replaced: "replaced"
    case .ended(.complete): "complete"
    case .ended(.unacknowledged): "unacknowledged"
    case .ended(.silent): "silent"
    case .ended(.refused): "refused"
    case .ended(.cancelled): "cancelled"
    }
  }
}
