import BlockTransfer
import PromotionEngine
import TFTPWire
import Timebase

// What a group's engine wants done, as packets and events.
extension BootServer {
  mutating func carryOut(
    _ wanted: [ServerEffect], of id: GroupID, at now: Nanoseconds, into effects: inout [BootServerEffect]
  ) {
    for effect in wanted {
      switch effect {
      case .unicast(let message, let device, _): tell(message, to: device, of: id, at: now, into: &effects)
      case .multicast(let message, _): tellAll(message, of: id, at: now, into: &effects)
      case .multicastData(let first, let last, _): sendData(first, last, to: id, at: now, into: &effects)
      case .watch: continue
      case .started: effects.append(.event(.started(id), at: now))
      case .sessionOpened(let active):
        effects.append(.event(.sessionOpened(id, session: session(of: id), active: active), at: now))
        tellStanding(of: active, in: id, at: now, into: &effects)
      case .sessionBegan: effects.append(.event(.sessionBegan(id, session: session(of: id)), at: now))
      case .sessionEnded(let end):
        // By now the engine counts the session among those that have ended. No input ends two.
        effects.append(.event(.sessionEnded(id, session: session(of: id) &- 1, end), at: now))
      }
    }
  }

  /// The number of the session that is under way, or comes next.
  private func session(of id: GroupID) -> UInt32 { (groups[id]?.engine.sessionsEnded ?? 0) &+ 1 }

  /// Says an event if the server takes a device for something else than it did.
  mutating func tellStanding(
    of device: DeviceID, in id: GroupID, at now: Nanoseconds, into effects: inout [BootServerEffect]
  ) {
    // No copy of the group lives while its members change: that would copy all of them.
    guard let before = groups[id]?.member(device)?.standing,
      let standing = groups[id]?.engine.standing(of: device), standing != before
    else { return }
    if standing.mayLapse { groups[id]?.watch(device) }
    groups[id]?[device].standing = standing
    if standing == .complete || standing == .struckOff { countNoLonger(device, of: id) }
    effects.append(.event(.standing(device, of: id, standing), at: now))
  }

  private mutating func tell(
    _ message: Message, to device: DeviceID, of id: GroupID, at now: Nanoseconds,
    into effects: inout [BootServerEffect]
  ) {
    guard let member = groups[id]?.member(device), !member.hasLeft, let group = groups[id]?.facts else { return }
    let client = Client(endpoint: member.endpoint, local: group.local)
    if case .data(let block) = message {
      let run = run(block, block, of: group)
      guard maySend(block, Int(clamping: run.packetBytes), to: device, of: id) else { return }
      effects.append(.sendData(run, to: client.endpoint, from: group.local))
      effects.append(
        .event(.sentToDevice(device, of: id, block: block, payloadBytes: run.payloadBytes), at: now))
    } else {
      groups[id]?[device].answeredAt = now
      send(
        message.packet(in: group.context), as: message == .elected ? .election : .answer,
        width: group.context.blockNumbers, to: client, into: &effects)
      effects.append(.event(told(message, in: id, group), at: now))
      tellStanding(of: device, in: id, at: now, into: &effects)
    }
  }

  private mutating func tellAll(
    _ message: Message, of id: GroupID, at now: Nanoseconds, into effects: inout [BootServerEffect]
  ) {
    guard let group = groups[id]?.facts else { return }
    let client = Client(endpoint: group.address, local: group.local)
    send(message.packet(in: group.context), width: group.context.blockNumbers, to: client, into: &effects)
    effects.append(.event(told(message, in: id, group), at: now))
  }

  private func told(_ message: Message, in id: GroupID, _ group: ServedGroup.Facts) -> ServerEvent {
    .told(id, payloadBytes: message.encodedLength(in: group.context, payloadBytes: 0))
  }

  private mutating func sendData(
    _ first: BlockNumber, _ last: BlockNumber, to id: GroupID, at now: Nanoseconds,
    into effects: inout [BootServerEffect]
  ) {
    guard let group = groups[id]?.facts else { return }
    if let sent = groups[id]?.highestSent, sent < last { groups[id]?.highestSent = last }
    let run = run(first, last, of: group)
    effects.append(.sendData(run, to: group.address, from: group.local))
    effects.append(
      .event(.sentToGroup(id, first: first, last: last, payloadBytes: run.payloadBytes), at: now))
  }

  private func run(_ first: BlockNumber, _ last: BlockNumber, of group: ServedGroup.Facts) -> DataRun {
    DataRun(
      file: group.key.file, layout: group.layout, first: first, last: last,
      blockNumbers: group.context.blockNumbers)
  }
}
