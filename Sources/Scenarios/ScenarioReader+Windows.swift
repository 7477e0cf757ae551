import Network
import PromotionEngine
import Quantities
import Runs

/// Checks of what becomes of a window at queues and buffers.
///
/// The largest windows that a session and a smart device have are sent through the ports on their ways, by the rules of the
/// run. All of them are idle before. So what is said to be dropped surely is, unless something else loses it first.
extension ScenarioReader {
  /// Warns about queues that drop frames of each window.
  func warnAboutQueues(in network: SimulationConfiguration, _ ways: NetworkWays) {
    let world = network.network
    let queues = [world.uplinkQueue] + world.segments.map(\.queue) + world.cohorts.map { $0.link?.queue }
    guard queues.contains(where: { $0 != nil }) else { return }
    let windows = Window.all(of: network, ways)
    func warn(_ path: String, _ drop: @escaping (Window) -> Window.Drop?) {
      // One window is enough to say.
      let drops = windows.lazy.compactMap { window in drop(window).map { (window.kind, $0) } }
      guard let (kind, drop) = drops.first else { return }
      func words(_ frames: Int) -> String { "\(UInt64(frames).grouped) frame\(frames == 1 ? "" : "s")" }
      self.warn(
        origin(of: path, kind.key), path,
        "holds \(words(drop.queue)), and \(words(drop.frames)) of a \(kind.name) come to the port"
          + " \(path == "server.queue" ? "at once" : "faster than it sends"): it drops \(UInt64(drop.dropped).grouped) of"
          + " them, even if it was idle")
    }
    warn("server.queue", \.dropAtUplink)
    for segment in world.segments {
      warn("segments.\(segment.name.excerpt).queue") { $0.drop(at: segment) }
    }
    for (index, cohort) in world.cohorts.enumerated() {
      warn("cohorts[\(index)].link.queue") { $0.drop(atLinkOf: cohort) }
    }
  }

  /// Warns about buffers that overflow in each window, and of devices that read more slowly than a session is.
  func warnAboutReceivers(in network: SimulationConfiguration, _ ways: NetworkWays) {
    let cohorts = network.network.cohorts
    guard cohorts.contains(where: { $0.receiver != nil }) else { return }
    let windows = Window.all(of: network, ways)
    let sender = fastestSender(in: network, ways)
    for (index, cohort) in cohorts.enumerated() {
      guard let receiver = cohort.receiver else { continue }
      let path = "cohorts[\(index)].receiver.buffer"
      func warn(_ message: String) { self.warn(origin(of: path, "cohorts[\(index)].receiver"), path, message) }
      if let payload = network.payloadsOfAWindow.first, payload > receiver.bytes {
        warn(
          "holds \(receiver.bytes.grouped) B, less than a DATA packet of \(payload.grouped) B: no whole block ever gets to"
            + " these devices")
      } else if let overflow = windows.lazy.compactMap({ $0.overflow(of: receiver, to: cohort) }).first {
        warn(overflow)
      } else if let sender {
        // Payload comes no faster than the slowest port sends it.
        let rate = min(sender.bitsPerSecond, network.payloadRate(at: ways.slowestPort(to: cohort)))
        let share = 1 - Double(receiver.bitsPerSecond) / rate
        guard share * Double(network.file.size) > Double(receiver.bytes) else { continue }
        let step = rate < 1e7 ? 1e3 : 1e6
        let words = Quantity.rate.format(UInt64(rate / step) * UInt64(step))
        warn(
          "is full after \(UInt64(Double(receiver.bytes) / share).grouped) B of a session \(sender.words), with \(words) of"
            + " payload: these devices read more slowly")
      }
    }
  }

  /// What may send to the group, in words, and the bits of payload that it sends in a second at most; nil if nobody knows.
  private func fastestSender(
    in network: SimulationConfiguration, _ ways: NetworkWays
  ) -> (words: String, bitsPerSecond: Double)? {
    if network.strategy.isOfPromotionEngine {
      // A session goes on as fast as the device that drives it.
      let paces = network.network.cohorts.map { ($0, network.pace(of: $0, ways)) }
      return paces.min { $0.1 < $1.1 }.map { cohort, pace in
        ("that a device of cohort '\(cohort.name.excerpt)' drives", Double(network.fullPayload) * 8 / pace)
      }
    }
    return network.rivals.pace.map { ("at `protocol.pace`", network.payloadRate(at: $0)) }
  }
}

/// A largest window of a scenario, on its ways.
private struct Window {
  enum Kind {
    case ofSession, ofSmartDevice

    var name: String { self == .ofSession ? "window" : "smart device's full window (smart_window)" }
    var key: String { self == .ofSession ? "protocol.windowsize" : "protocol.promotion.smart_window" }
  }

  /// What a port drops of it.
  struct Drop {
    let queue: Int
    /// The frames that come there.
    let frames: Int
    let dropped: Int
  }

  let kind: Kind
  private let payloads: [UInt64]
  /// Whether a device is sent a window of its own.
  private let isUnicast: Bool
  private let takes: (Cohort) -> Bool
  /// The segments that it passes.
  private let segments: Set<String>
  private let ways: NetworkWays
  private let uplink: (bitsPerSecond: UInt64, queue: Int?)
  private let atServer: WindowPassage

  /// The windows of sessions and, where devices may be promoted, of smart devices.
  static func all(of network: SimulationConfiguration, _ ways: NetworkWays) -> [Window] {
    let session = Window(
      .ofSession, network.payloadsOfAWindow, isUnicast: network.strategy == .unicast, network, ways
    ) { _ in true }
    // A smart device asks for all of it at once, unless its asks are drawn apart on their way.
    let smart = Window(.ofSmartDevice, network.payloadsOfASmartWindow, isUnicast: true, network, ways) {
      network.promotes(devicesOf: $0) && ($0.jitter?.isDrawn(beyond: network.frame) != true)
    }
    return network.network.cohorts.contains(where: smart.takes) ? [session, smart] : [session]
  }

  private init(
    _ kind: Kind, _ payloads: [UInt64], isUnicast: Bool, _ network: SimulationConfiguration, _ ways: NetworkWays,
    takenBy takes: @escaping (Cohort) -> Bool
  ) {
    (self.kind, self.payloads, self.isUnicast, self.takes, self.ways) = (kind, payloads, isUnicast, takes, ways)
    segments = ways.segments(above: network.network.cohorts.filter(takes))
    uplink = (network.network.uplinkBitsPerSecond, network.network.uplinkQueue)
    atServer = WindowPassage(payloads: payloads, mtu: network.network.mtu)
  }

  var dropAtUplink: Drop? { drop(at: uplink.queue, bitsPerSecond: uplink.bitsPerSecond) { atServer } }

  func drop(at segment: Segment) -> Drop? {
    guard segments.contains(segment.name) else { return nil }
    return drop(at: segment.queue, bitsPerSecond: segment.bitsPerSecond(isUnicast: isUnicast)) {
      window(behind: segment.parent)
    }
  }

  func drop(atLinkOf cohort: Cohort) -> Drop? {
    guard takes(cohort), let link = cohort.link else { return nil }
    return drop(at: link.queue, bitsPerSecond: link.bitsPerSecond) { window(behind: cohort.segment) }
  }

  /// What is wrong with a buffer that one window overflows; nil if none does.
  func overflow(of receiver: ReceiverBuffer, to cohort: Cohort) -> String? {
    let bytes = payloads.reduce(0, +)
    guard takes(cohort), payloads.count > 1, bytes > receiver.bytes else { return nil }
    var window = window(behind: cohort.segment)
    if let link = cohort.link { _ = window.pass(bitsPerSecond: link.bitsPerSecond, queue: link.queue) }
    let overruns = window.overruns(of: receiver)
    guard overruns > 0 else { return nil }
    let isUplink = ways.rates(to: cohort, isUnicast: isUnicast).allSatisfy { $0 >= uplink.bitsPerSecond }
    let rate = isUplink ? "the uplink's rate" : "the rate of the slowest port before it"
    return
      "overflows in each \(kind.name) that comes at \(rate): a window has \(UInt64(payloads.count).grouped) packets"
      + " with \(bytes.grouped) B, and \(UInt64(overruns).grouped) of them find\(overruns == 1 ? "s" : "") no room"
  }

  private func drop(at queue: Int?, bitsPerSecond: UInt64, of window: () -> WindowPassage) -> Drop? {
    // One frame is sent at once, and as many as the queue holds wait.
    guard let queue, queue < atServer.frames - 1 else { return nil }
    var window = window()
    let frames = window.frames
    let dropped = window.pass(bitsPerSecond: bitsPerSecond, queue: queue)
    return dropped > 0 ? Drop(queue: queue, frames: frames, dropped: dropped) : nil
  }

  /// What has passed the uplink and the segments down to one.
  private func window(behind segment: String?) -> WindowPassage {
    var window = atServer
    _ = window.pass(bitsPerSecond: uplink.bitsPerSecond, queue: uplink.queue)
    for segment in ways.segments(downTo: segment) {
      _ = window.pass(bitsPerSecond: segment.bitsPerSecond(isUnicast: isUnicast), queue: segment.queue)
    }
    return window
  }
}

extension TimeModel {
  /// Whether draws differ by more than some seconds, on average.
  fileprivate func isDrawn(beyond seconds: Double) -> Bool {
    if case .drawn = self { mean - least.seconds > seconds } else { false }
  }
}
