import BlockTransfer
import Network
import PromotionEngine
import TFTPWire

// An event in plain words. Event logs have these words too, and another version of the program may read them: a change
// of words is a change of results.
extension TracedEvent {
  /// Whom it happened to: `server`, `uplink` or `device 7`.
  public var subjectWords: String {
    switch subject {
    case .server: "server"
    case .uplink: "uplink"
    case .device(let device): "device \(device)"
    }
  }

  /// What happened, after the subject: `gets ACK 16 of device 1`.
  public var happeningWords: String {
    switch happening {
    case .switchedOn: "is switched on"
    case .switchedOff: "is switched off"
    case .deadline: "has waited long enough"
    case .placeDeadline(let device): "has waited long enough for smart device \(device)"
    case .arrived(let message, let device): "gets \(message.words) of device \(device)"
    case .lost(let message, let device, let segment):
      "does not get \(message.words) of device \(device), lost on \(segment.map { "segment \($0)" } ?? "the way")"
    case .received(let message, let addressing): "gets \(message.words)\(addressing.words)"
    case .missed(let message, let addressing): "does not get \(message.words)\(addressing.words), lost on the way"
    case .overran(let message, let addressing):
      "has no room for \(message.words)\(addressing.words) in its buffer"
    case .sent(let message, let last, let device, let fates):
      "takes \(message.words)\(Self.through(last, message)) to \(device == 0 ? "the group" : "device \(device)")"
        + (fates.dropped > 0 ? ", \(fates.dropped) dropped at the full queue" : "")
        + (fates.lost > 0 ? ", \(fates.lost) lost before the fan-out" : "")
        + fates.stops.map { ", \($0.words(toGroup: device == 0))" }.joined()
    }
  }

  /// The state after it: `passive, listens, misses 321 in 320 gaps`; empty if it shows none.
  public var stateWords: String {
    switch state {
    case .none: ""
    case .device(let state): state.words(isSwitchedOff: happening == .switchedOff)
    case .server(let state, let standing): state.words + (standing.map { "; takes it for \($0.rawValue)" } ?? "")
    }
  }

  private static func through(_ last: BlockNumber, _ message: Message) -> String {
    guard case .data(let first) = message, last > first else { return "" }
    return "…\(last)"
  }
}

extension TracedEvent.Stop {
  fileprivate func words(toGroup: Bool) -> String {
    switch (place, cause) {
    case (.segment(let name), .loss): "\(packets) lost on segment \(name)"
    case (.segment(let name), .queue): "\(packets) dropped at the full queue of \(name)"
    case (.links, _): "\(packets) dropped at \(toGroup ? "links of devices" : "its link")"
    }
  }
}

extension Addressing {
  fileprivate var words: String { self == .multicast ? " of the group" : "" }
}

extension Message {
  /// The message in words.
  fileprivate var words: String {
    switch self {
    case .request(let proposal): proposal.options.contains(.promotion) ? "RRQ" : "RRQ without promotion"
    case .open: "MTFTP open"
    case .report(let report):
      "gap report (\(report.missingPackets) missing, \(report.totalGapBytes) B, \(report.gaps) gaps, largest "
        + "\(report.largestGap), \(report.chains) chains, longest \(report.longestChain))"
    case .data(let block): "DATA \(block)"
    case .acknowledgment(let block): "ACK \(block)"
    case .acceptance(let acceptance): acceptance.isActive ? "OACK 'you are active'" : "OACK 'you are passive'"
    case .check(let session): "OACK 'check, session \(session) is over'"
    case .notActive: "OACK 'you are not active'"
    case .smart: "OACK 'be smart'"
    case .wait: "OACK 'wait'"
    case .elected: "OACK 'drive the next session'"
    case .error(let code): "ERROR \(code.rawValue)"
    }
  }
}

extension DeviceState {
  /// The state does not say whether a device gave up or was switched off, but the event does.
  fileprivate func words(isSwitchedOff: Bool) -> String {
    let missing = missing == 0 ? "" : ", misses \(missing) in \(gaps) gap\(gaps == 1 ? "" : "s")"
    return "\(role.rawValue), \(isSwitchedOff ? "switched off" : activity.words)\(missing)"
  }
}

extension DeviceState.Activity {
  fileprivate var words: String {
    switch self {
    case .off: "off"
    case .joining(let repeats): "asked to join" + Self.again(repeats)
    case .entering: "joins the group"
    case .listeningFirst: "listens first"
    case .opening: "opens"
    case .asking(let first, let last, let repeats): "asked for \(first)…\(last)" + Self.again(repeats)
    case .awaiting(let block, let repeats): "awaits \(block)" + Self.again(repeats)
    case .listening: "listens"
    case .aboutToReport: "listens, about to report"
    case .reporting(let repeats): "listens, reported" + Self.again(repeats)
    case .aboutToOpen: "listens, about to open"
    case .fetching(let outstanding, let last, let repeats):
      "fetches \(outstanding) up to \(last)" + Self.again(repeats)
    case .done: "done"
    case .failed: "gave up"
    }
  }

  private static func again(_ repeats: UInt32) -> String { repeats == 0 ? "" : " (repeat \(repeats))" }
}

extension ServerState {
  fileprivate var words: String {
    let phase =
      switch phase {
      case .idle: "idle"
      case .gathering: "gathering"
      case .session(let active): "session of device \(active)"
      case .check(let awaited): "check, \(awaited) awaited"
      case .election(let device, let others):
        "election of device \(device)" + (others > 0 ? " and \(others) more" : "")
      }
    return "\(phase), \(sessionsEnded) ended, \(waiting) waiting, \(queued) queued, \(smart) smart"
  }
}
