import BlockTransfer
import PromotionEngine
import TFTPWire
import Timebase

// Groups: opening, the engine's inputs and effects, and the end.
extension BootServer {
  /// Opens a group; nil if there is no room for one, or no address.
  mutating func open(
    _ key: GroupKey, _ layout: FileLayout, fileName: String, at now: Nanoseconds,
    into effects: inout [BootServerEffect]
  ) -> GroupID? {
    if groups.count >= settings.mostGroups { dropGroup(at: now, into: &effects) }
    guard groups.count < settings.mostGroups, let address = addresses.take(at: now) else { return nil }
    var parameters = settings.parameters
    parameters.mode = .rfc2090
    parameters.blockSize = key.terms.blockSize
    parameters.windowSize = key.terms.windowSize
    parameters.wideBlockNumbers = key.terms.wideBlockNumbers
    let context = WireContext(
      fileName: fileName, groupAddress: address.host.description, groupPort: address.port, parameters: parameters)
    return add(
      ServedGroup(
        key: key, address: address, context: context, layout: layout,
        mostDevices: settings.mostDevices, at: now), at: now, into: &effects)
  }

  mutating func add(
    _ group: ServedGroup, at now: Nanoseconds, into effects: inout [BootServerEffect]
  ) -> GroupID {
    lastGroup += 1
    groups[lastGroup] = group
    groupOfKey[group.key] = lastGroup
    retain(group.key.file)
    let description = GroupDescription(
      fileName: group.context.fileName, layout: group.layout, terms: group.key.terms,
      mode: group.context.parameters.mode, address: group.address)
    effects.append(.event(.groupOpened(lastGroup, description), at: now))
    agenda.note(.group(lastGroup), at: group.deadline(idle: settings.groupIdle))
    return lastGroup
  }

  /// Makes a client a device of a group.
  mutating func enroll(
    _ client: Client, in id: GroupID, knowsPromotion: Bool, at now: Nanoseconds,
    into effects: inout [BootServerEffect]
  ) -> DeviceID {
    guard let device = groups[id]?.enroll(client.endpoint, asksForPromotion: knowsPromotion) else {
      preconditionFailure("there is no group \(id)")
    }
    peers[client] = .member(device, of: id)
    strangers.begin(client.endpoint.host, at: now)
    effects.append(.event(.joined(device, of: id, client.endpoint, knowsPromotion: knowsPromotion), at: now))
    return device
  }

  /// A packet of a device, which is no request and no report.
  mutating func take(
    _ packet: Packet, from device: DeviceID, of id: GroupID, at now: Nanoseconds,
    into effects: inout [BootServerEffect]
  ) {
    switch packet {
    case .error(let code, _): remove(device, of: id, .gaveUp(code), saying: code, at: now, into: &effects)
    case .acknowledgment(let block):
      if isDeaf(device, of: id, acknowledging: block, at: now) {
        return serveAlone(device, of: id, at: now, into: &effects)
      }
      groups[id]?.isProven = true
      notice(block, from: device, of: id)
      guard mayAsk(block, device, of: id) else { return }
      pass(.acknowledgment(block), from: device, of: id, at: now, into: &effects)
    case .readRequest, .data, .optionAcknowledgment: return
    }
  }

  /// Gives the engine a message, and does what it wants done.
  mutating func pass(
    _ message: Message, from device: DeviceID, of id: GroupID, at now: Nanoseconds,
    into effects: inout [BootServerEffect]
  ) {
    guard groups[id] != nil else { return }
    var wanted: [ServerEffect] = []
    groups[id]?.heardAt = now
    groups[id]?.engine.receive(message, from: device, at: now, into: &wanted)
    carryOut(wanted, of: id, at: now, into: &effects)
    tellStanding(of: device, in: id, at: now, into: &effects)
    noteDeadline(of: id)
  }

  mutating func fire(group id: GroupID, at now: Nanoseconds, into effects: inout [BootServerEffect]) {
    guard let isOver = groups[id]?.isOver(at: now, idle: settings.groupIdle) else { return }
    if isOver { return close(group: id, at: now, into: &effects) }
    var wanted: [ServerEffect] = []
    groups[id]?.engine.fireAll(at: now, into: &wanted)
    carryOut(wanted, of: id, at: now, into: &effects)
    // Who is struck off is told nothing, so all who may be must be looked at.
    for device in groups[id]?.watched ?? [] { tellStanding(of: device, in: id, at: now, into: &effects) }
    groups[id]?.forgetLapsed()
    noteDeadline(of: id)
  }

  /// A device leaves its group.
  mutating func remove(
    _ device: DeviceID, of id: GroupID, _ leaving: DeviceLeaving, saying code: ErrorCode, at now: Nanoseconds,
    into effects: inout [BootServerEffect]
  ) {
    guard let member = groups[id]?.member(device), !member.hasLeft, let local = groups[id]?.local else { return }
    groups[id]?[device].hasLeft = true
    countNoLonger(device, of: id)
    peers[Client(endpoint: member.endpoint, local: local)] = nil
    effects.append(.event(.left(device, of: id, leaving), at: now))
    pass(.error(code), from: device, of: id, at: now, into: &effects)
  }

  /// The server ends a group, and tells everybody why who is not complete.
  mutating func cancel(
    group id: GroupID, saying reason: String, at now: Nanoseconds, into effects: inout [BootServerEffect]
  ) {
    guard let group = groups[id] else { return }
    for device in group.devices where !group[device].hasLeft {
      switch group.engine.standing(of: device) {
      case .unknown, .struckOff, .complete: continue
      case .passive, .queued, .active, .elected, .smart:
        let client = Client(endpoint: group[device].endpoint, local: group.local)
        sendError(.undefined, reason, to: client, into: &effects)
      }
    }
    if group.engine.activeDevice != nil {
      effects.append(
        .event(.sessionEnded(id, session: group.engine.sessionsEnded &+ 1, .abandoned), at: now))
    }
    close(group: id, at: now, into: &effects)
  }

  /// Makes room for another group: the oldest one ends of which nobody has ever acknowledged anything, if it had the time.
  private mutating func dropGroup(at now: Nanoseconds, into effects: inout [BootServerEffect]) {
    let oldest = groups.filter { !$0.value.isProven && $0.value.heardAt.later(by: settings.parameters.timeout) <= now }
    guard let id = oldest.keys.min() else { return }
    close(group: id, at: now, into: &effects)
  }

  private mutating func close(group id: GroupID, at now: Nanoseconds, into effects: inout [BootServerEffect]) {
    guard let group = groups.removeValue(forKey: id) else { return }
    if groupOfKey[group.key] == id { groupOfKey[group.key] = nil }
    for device in group.devices where !group[device].hasLeft {
      if group[device].isHalfOpen { strangers.end(group[device].endpoint.host) }
      peers[Client(endpoint: group[device].endpoint, local: group.local)] = nil
    }
    agenda.forget(.group(id))
    if group.local.service == .tftp { addresses.giveBack(group.address, until: now.later(by: settings.addressRest)) }
    effects.append(.event(.groupClosed(id), at: now))
    release(group.key.file, into: &effects)
  }

  private mutating func noteDeadline(of id: GroupID) {
    guard let deadline = groups[id]?.deadline(idle: settings.groupIdle) else { return }
    agenda.note(.group(id), at: deadline)
  }
}
