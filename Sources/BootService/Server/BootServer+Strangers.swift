import TFTPTransfer
import TFTPWire
import Timebase

/// How many packets the server sends to those who have not proved that they are where they say.
///
/// Everything that goes to such an address is counted here.
struct StrangerBudget: Sendable {
  private let perSecond: Int64
  /// ERRORs that may be sent now, in parts of a billion.
  private var credit: Int64
  private var countedAt = Nanoseconds.zero

  init(perSecond: Int) {
    self.perSecond = Int64(clamping: max(0, min(perSecond, 1_000_000)))
    credit = self.perSecond * 1_000_000_000
  }

  /// Whether one more ERROR may be sent. At most a second's worth is saved up.
  mutating func allowsError(at now: Nanoseconds) -> Bool {
    let most = perSecond * 1_000_000_000
    let elapsed = min(max(0, (now - countedAt).count), 1_000_000_000)
    countedAt = max(now, countedAt)
    credit = min(most, credit + elapsed * perSecond)
    guard credit >= 1_000_000_000 else { return false }
    credit -= 1_000_000_000
    return true
  }
}

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
}
