import BlockTransfer
import EventSimulation
import Timebase

extension Run {
  /// What the next event decides on (``Strategy/decision(on:from:to:)``); nil if it decides nothing.
  @inlinable
  public mutating func nextDecision() -> S.Decision? {
    if firstUnderWay < .afterAll, queue.isBehind(firstUnderWay) {
      guard firstUnderWay == toServer.first, let sent = toServer.firstEvent else { return nil }
      return decision(on: sent.message, from: sent.device, at: firstUnderWay)
    }
    guard let (key, event) = queue.next else { return nil }
    switch event {
    case .reachesServer(let device, let message): return decision(on: message, from: device, at: key)
    case .deviceTimer(let device):
      guard strategy.decidesWhenFired else { return nil }
      catchUp(device, before: key)
      let index = Int(device) - 1
      return strategy.decision(
        firing: stations.span[index].receiver, cohort: stations[index].cohort, at: key.time)
    case .join, .leave, .senderTimer, .senderTimerFor, .uplink, .leavesDevice, .reachesDevice,
      .windowReachesDevice, .reads, .looks, .fansOut:
      return nil
    }
  }

  /// What the server decides on when a message arrives; nil if nothing, or if it is lost.
  @inlinable
  func decision(on message: S.Message, from device: DeviceID, at key: EventKey) -> S.Decision? {
    guard let decision = strategy.decision(on: message, from: device, to: sender) else { return nil }
    var run = (station: stations[Int(device) - 1], tree: tree)
    let branch = branches[run.station.branch]
    let isLost =
      run.station.losesOnTheWayUp(at: key.time - branch.distance)
      || run.tree.losesOnTheWayUp(from: branch.segment, arrivingAt: key.time) != nil
    return isLost ? nil : decision
  }

  /// Changes both ends of a run under way, from the next event on, with the strategy that drives them.
  @inlinable
  public mutating func change(_ change: (inout S, inout S.Sender) -> Void) { change(&strategy, &sender) }

  /// The server's end of the protocol, as it stands now.
  @inlinable public var server: S.Sender { sender }

  /// A device's end of the protocol, as it stands now.
  @inlinable
  public func receiver(of device: DeviceID) -> S.Receiver { stations.span[Int(device) - 1].receiver }

  /// When a device is switched on, and its cohort's index.
  @inlinable
  public func joining(of device: DeviceID) -> (time: Nanoseconds, cohort: Int) {
    (stations[Int(device) - 1].join, stations[Int(device) - 1].cohort)
  }
}
