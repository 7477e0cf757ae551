import BlockTransfer
import PromotionEngine
import TFTPTransfer
import TFTPWire
import Timebase

// Who sent a datagram, and what it is.
extension BootClient {
  /// Takes a datagram from a socket. It may hold anything, and come from anywhere.
  ///
  /// - Parameter addressing: whether it came to the client's own port or to the group.
  public mutating func receive(
    _ datagram: RawSpan, from sender: Endpoint, by addressing: Addressing, at now: Nanoseconds,
    into effects: inout [ClientEffect]
  ) {
    guard sender.host == settings.server.host else {
      counts.strangers += 1
      return
    }
    let width = blockNumbers
    guard datagram.isData else {
      guard let packet = try? Packet(decoding: datagram, blockNumbers: width) else {
        counts.malformed += 1
        return
      }
      return take(packet, from: sender, by: addressing, at: now, into: &effects)
    }
    guard let header = try? DataHeader(decoding: datagram, blockNumbers: width) else {
      counts.malformed += 1
      return
    }
    switch addressing {
    case .unicast: guard isPeer(sender) else { return turnAway(sender, at: now, into: &effects) }
    case .multicast: guard isOfGroup(sender) else { return counts.strangers += 1 }
    }
    let payload = DataHeader.encodedLength(blockNumbers: width)..<datagram.byteCount
    takeData(header.block, payload, from: sender, by: addressing, at: now, into: &effects)
  }

  /// The width of block numbers in what the server sends now.
  private var blockNumbers: BlockNumberWidth {
    switch doing {
    case .inGroup, .dallying: deviceSettings.parameters.wideBlockNumbers ? .bits32 : .bits16
    case .transferring: receiver.blockNumbers
    case .nothing, .asking, .joining, .ended: .bits16
    }
  }

  /// Whether the client's server sends from there. Before its first answer it may be any port of the host.
  private func isPeer(_ sender: Endpoint) -> Bool { peer.map { $0 == sender } ?? true }

  /// Whether the client's server sends to the group from there. Another server of the same host may use the same group for
  /// another file. One that speaks promotion sends all that it sends from one socket. One of RFC 2090 or MTFTP may have a
  /// socket for the group, and the first packet tells which it is.
  private mutating func isOfGroup(_ sender: Endpoint) -> Bool {
    guard terms?.way != .promotion else { return isPeer(sender) }
    if groupSender == nil { groupSender = sender }
    return groupSender == sender
  }

  /// RFC 1350 §4: a packet from another port of the server gets ERROR 5 and disturbs nothing. It gets one a second at
  /// most, so that two who do this to each other do not go on for ever.
  private mutating func turnAway(_ sender: Endpoint, at now: Nanoseconds, into effects: inout [ClientEffect]) {
    counts.strangers += 1
    guard now >= nextTurningAway else { return }
    nextTurningAway = now.later(by: .seconds(1))
    let packet = Packet.error(code: .unknownTransfer, message: ErrorCode.unknownTransfer.words)
    send(packet, .bits16, to: sender, into: &effects)
  }

  private mutating func take(
    _ packet: Packet, from sender: Endpoint, by addressing: Addressing, at now: Nanoseconds,
    into effects: inout [ClientEffect]
  ) {
    switch packet {
    case .data, .readRequest, .acknowledgment: return  // DATA was taken before, and a server sends no others
    case .error(let code, let message):
      guard addressing == .unicast, isPeer(sender) else { return }
      takeError(code, message, at: now, into: &effects)
    case .optionAcknowledgment(let options):
      switch addressing {
      case .unicast:
        guard isPeer(sender) || mayFollow(options) else { return turnAway(sender, at: now, into: &effects) }
      case .multicast: guard isOfGroup(sender) else { return counts.strangers += 1 }
      }
      takeOptions(options, from: sender, by: addressing, at: now, into: &effects)
    }
  }

  /// Whether an OACK from another port answers a request that was sent anew.
  private func mayFollow(_ options: Options) -> Bool { peerMayChange && options.multicast != nil }

  private mutating func takeError(
    _ code: ErrorCode, _ message: String, at now: Nanoseconds, into effects: inout [ClientEffect]
  ) {
    switch doing {
    case .nothing, .dallying, .ended: return
    case .asking(let asking): takeRefusal(of: asking, code, message, at: now, into: &effects)
    case .joining: fail(.refused(code, message: message), at: now, into: &effects)
    case .inGroup:
      device.receive(.error(code), by: .unicast, at: now, under: deviceSettings, into: &deviceEffects)
      applyDeviceEffects(at: now, ifFailed: .refused(code, message: message), into: &effects)
    case .transferring:
      guard code == .unknownTransfer, receiver.received == 0, reopened < settings.parameters.retries else {
        return fail(.refused(code, message: message), at: now, into: &effects)
      }
      // The server had no place for a transfer that had not begun, or was started anew.
      reopened += 1
      ask(settings.mode == .tftp ? .transfer : .group, at: now, into: &effects)
    }
  }

  private mutating func takeOptions(
    _ options: Options, from sender: Endpoint, by addressing: Addressing, at now: Nanoseconds,
    into effects: inout [ClientEffect]
  ) {
    switch doing {
    case .nothing, .joining, .transferring, .ended: return
    case .asking(let asking):
      guard addressing == .unicast else { return }
      peer = sender
      peerMayChange = false
      takeAnswer(options, to: asking, at: now, into: &effects)
    case .inGroup, .dallying:
      if addressing == .unicast {
        peer = sender
        peerMayChange = false
      }
      takeGroupOptions(options, by: addressing, at: now, into: &effects)
    }
  }

  private mutating func takeData(
    _ block: BlockNumber, _ payload: Range<Int>, from sender: Endpoint, by addressing: Addressing, at now: Nanoseconds,
    into effects: inout [ClientEffect]
  ) {
    switch doing {
    case .nothing, .joining, .dallying, .ended: return
    case .asking(let asking):
      guard addressing == .unicast, block == 1 else { return }
      peer = sender
      takeDataInstead(of: asking, payload, at: now, into: &effects)
    case .inGroup:
      if addressing == .unicast { peer = sender }
      takeGroupData(block, payload, by: addressing, at: now, into: &effects)
    case .transferring:
      guard addressing == .unicast else { return }
      takeTransferData(block, payload, at: now, into: &effects)
    }
  }
}

extension RawSpan {
  /// Whether the first two bytes are the opcode of DATA.
  fileprivate var isData: Bool {
    byteCount >= 2 && unsafeLoad(fromByteOffset: 0, as: UInt8.self) == 0
      && unsafeLoad(fromByteOffset: 1, as: UInt8.self) == 3
  }
}
