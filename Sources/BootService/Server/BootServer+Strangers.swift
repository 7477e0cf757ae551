import BlockTransfer
import PromotionEngine
import TFTPTransfer
import TFTPWire
import Timebase

// What belongs to nothing. An ERROR is never answered (RFC 1350 §7), and no more of them are sent than the budget has.
extension BootServer {
  /// A datagram that is no packet.
  mutating func refuse(
    _ client: Client, isError: Bool, _ error: WireError, at now: Nanoseconds, into effects: inout [BootServerEffect]
  ) {
    effects.append(.event(.stray(client.endpoint), at: now))
    // A client that is being served keeps its transfer: what breaks it would otherwise be one forged packet.
    guard !isError, peers[client] == nil else { return }
    let refusal = TransferRefusal(error)
    refuse(client, refusal.code, refusal.words, at: now, into: &effects)
  }

  /// A packet of somebody who has no transfer: an ACK or DATA of a transfer that the server does not know (RFC 1350 §4).
  mutating func answerStranger(
    _ client: Client, _ packet: Packet, at now: Nanoseconds, into effects: inout [BootServerEffect]
  ) {
    effects.append(.event(.stray(client.endpoint), at: now))
    switch packet {
    case .error, .optionAcknowledgment, .readRequest: return
    case .acknowledgment, .data:
      refuse(client, .unknownTransfer, ErrorCode.unknownTransfer.words, at: now, into: &effects)
    }
  }

  /// Sends an ERROR to a client that has nothing, if the budget allows it.
  mutating func refuse(
    _ client: Client, _ code: ErrorCode, _ words: String, at now: Nanoseconds, into effects: inout [BootServerEffect]
  ) {
    guard strangers.allowsError(at: now) else { return }
    sendError(code, words, to: client, into: &effects)
  }

  // MARK: - Who has shown that it receives

  /// Whether a client may be sent a packet or a window of so many bytes. It may if it has acknowledged DATA, and else if
  /// the budget of strangers allows it. A group is no stranger.
  mutating func maySend(_ kind: StrangerBudget.Kind, of bytes: Int, to client: Client) -> Bool {
    guard !client.endpoint.host.isGroup, !isProven(client) else { return true }
    return strangers.allows(kind, of: bytes, to: client.endpoint.host, at: now)
  }

  private func isProven(_ client: Client) -> Bool {
    switch peers[client] {
    case .transfer(let id): transfers[id]?.isProven ?? false
    case .member(let device, let group): groups[group]?[device].isProven ?? false
    case nil: false
    }
  }

  /// A client has acknowledged DATA that it was sent. One that has only asked, reported, or acknowledged an OACK has not:
  /// its packets may be somebody else's, who need not hear the answers.
  mutating func prove(_ client: Client) {
    strangers.prove(client.endpoint.host)
    switch peers[client] {
    case .transfer(let id):
      guard transfers[id]?.isProven == false else { return }
      transfers[id]?.isProven = true
      transfers[id]?.settings.repeatsItself = true
    case .member(let device, let group):
      groups[group]?[device].isProven = true
      countNoLonger(device, of: group)
      return
    case nil: return
    }
    strangers.end(client.endpoint.host)
  }

  /// A device is no longer one that its host has begun and not gone on with.
  mutating func countNoLonger(_ device: DeviceID, of id: GroupID) {
    guard let member = groups[id]?[device], member.isHalfOpen else { return }
    groups[id]?[device].isHalfOpen = false
    strangers.end(member.endpoint.host)
  }

  /// Whether an ACK of a device shows that it receives: it drives the session and acknowledges a block of it, or it is smart
  /// and asks for more than the first block that it was sent.
  mutating func notice(_ block: BlockNumber, from device: DeviceID, of id: GroupID) {
    guard let member = groups[id]?.member(device), !member.isProven, let local = groups[id]?.local else { return }
    let isActive = groups[id]?.engine.activeDevice == device
    let isOfSession = isActive && block >= 1 && block <= groups[id]?.highestSent ?? 0
    let isOfUnicast = member.firstBlock.map { block >= $0 } ?? false
    guard isOfSession || isOfUnicast else { return }
    prove(Client(endpoint: member.endpoint, local: local))
  }

  /// Whether an ACK is passed on. A device that drives, or shall drive, and has shown nothing has two asks answered in half a
  /// timeout: its first one, and an early one (R5).
  mutating func mayAsk(_ block: BlockNumber, _ device: DeviceID, of id: GroupID) -> Bool {
    guard groups[id]?.member(device)?.isProven == false, let blocks = groups[id]?.layout.blocks, block < blocks else {
      return true
    }
    switch groups[id]?.engine.standing(of: device) {
    case .active, .elected: break
    case .unknown, .struckOff, .passive, .queued, .smart, .complete, nil: return true
    }
    startCounting(device, of: id)
    guard let asks = groups[id]?[device].asks, asks < 2 else { return false }
    groups[id]?[device].asks = asks + 1
    return true
  }

  /// Whether DATA may go to a device alone. One that has shown nothing gets no more than a window in half a timeout.
  mutating func maySend(_ block: BlockNumber, _ bytes: Int, to device: DeviceID, of id: GroupID) -> Bool {
    guard groups[id]?[device].isProven == false else { return groups[id] != nil }
    startCounting(device, of: id)
    guard let member = groups[id]?.member(device), let local = groups[id]?.local else { return false }
    let most = max(Self.leastSmartWindow, settings.parameters.promotion.smartWindow)
    guard member.unanswered < most, maySend(.window, of: bytes, to: Client(endpoint: member.endpoint, local: local))
    else { return false }
    groups[id]?[device].unanswered += 1
    if member.firstBlock == nil { groups[id]?[device].firstBlock = block }
    return true
  }

  private mutating func startCounting(_ device: DeviceID, of id: GroupID) {
    guard let since = groups[id]?[device].dataSince else { return }
    guard now >= since.later(by: Nanoseconds(settings.parameters.timeout.count / 2)) else { return }
    groups[id]?[device].dataSince = now
    groups[id]?[device].unanswered = 0
    groups[id]?[device].asks = 0
  }

  /// The server does not know the `smart_window` of its devices.
  private static let leastSmartWindow = 8

  /// Whether a client that has nothing may begin something: not if its host has begun too much that nobody goes on with.
  func mayBegin(_ client: Client) -> Bool { peers[client] != nil || strangers.mayBegin(client.endpoint.host) }
}
