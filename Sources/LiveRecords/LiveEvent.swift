import BlockTransfer
import Network
import PromotionEngine
import Results
import Runs
import TFTPWire
import Timebase

/// What a server or a device writes down while it runs.
package enum LiveEvent: Hashable, Sendable {
  /// The record begins.
  case begins(RecordHeader)
  /// A request to join: at the server it arrived, from this address and port; at the device it left.
  case requested(from: String)
  /// The device got the answer to its request, with `k`, the sessions ended so far (R2).
  case accepted(sessionsEnded: UInt32)
  /// The device entered a role; in the server's record that is what the server takes it for.
  case entered(DeviceRole)
  /// The device checked itself (R10), after this many sessions had ended.
  case checked(GapReport, CheckedGaps, session: UInt32)
  /// A gap report arrived at the server (R10).
  case reported(GapReport)
  /// A session has its active device.
  case sessionOpened(SentCounts)
  /// The first ACK of the session's active device arrived.
  case sessionBegan
  /// The session ended.
  case sessionEnded(SessionEnd, SentCounts)
  /// What the server has sent so far.
  case sent(SentCounts)
  /// What has come to the device so far.
  case heard(HeardCounts)
  /// The record is whole: every device is complete or gone, or whoever ran it stopped it, for this reason.
  case over(RunEnd, reason: String)
}

/// The gaps of a check.
package struct CheckedGaps: Hashable, Sendable {
  /// The most gaps of which the places are kept.
  private static let mostPlaces = 4096

  /// How many gaps have each size in blocks, by the size.
  package let sizes: [UInt32: UInt64]
  /// Where they lie; nil if they are too many to be written down.
  package let places: [Gap]?

  /// The gaps of a device.
  package init(_ gaps: borrowing GapMap) {
    var sizes: [UInt32: UInt64] = [:]
    gaps.forEachGap { sizes[$0.count, default: 0] += 1 }
    self.sizes = sizes
    places = gaps.count <= Self.mostPlaces ? gaps.gaps : nil
  }

  /// `1*412,2*30`: gaps of one block, of two …
  fileprivate var sizesText: String {
    sizes.sorted { $0.key < $1.key }.map { "\($0.key)*\($0.value)" }.joined(separator: ",")
  }

  /// `17,40+3`: block 17, and three blocks from 40 on.
  fileprivate var placesText: String? {
    places?.map { $0.count == 1 ? "\($0.first)" : "\($0.first)+\($0.count)" }.joined(separator: ",")
  }

  fileprivate init?(sizes text: String, places: String?) {
    var sizes: [UInt32: UInt64] = [:]
    for part in text.split(separator: ",") {
      let words = part.split(separator: "*")
      guard words.count == 2, let size = UInt32(words[0]), let count = UInt64(words[1]) else { return nil }
      sizes[size] = count
    }
    self.sizes = sizes
    guard let places else {
      self.places = nil
      return
    }
    var gaps: [Gap] = []
    for part in places.split(separator: ",") {
      let words = part.split(separator: "+").map { UInt32($0) }
      guard let first = words.first ?? nil, first > 0, let count = words.count == 2 ? words[1] : 1, count > 0,
        case let (last, isTooFar) = first.addingReportingOverflow(count - 1), !isTooFar
      else { return nil }
      gaps.append(Gap(first: first, last: last))
    }
    self.places = gaps
  }
}

// MARK: - As text

extension LiveEvent {
  /// The word for it.
  package var name: String {
    switch self {
    case .begins: "begins"
    case .requested: "requested"
    case .accepted: "accepted"
    case .entered: "entered"
    case .checked: "checked"
    case .reported: "reported"
    case .sessionOpened: "session_opened"
    case .sessionBegan: "session_began"
    case .sessionEnded: "session_ended"
    case .sent: "sent"
    case .heard: "heard"
    case .over: "over"
    }
  }

  /// More about it: `key=value`, with spaces between them.
  package var detail: String {
    var detail = Detail()
    switch self {
    case .begins(let header): detail = header.detail
    case .requested(let from): detail["from"] = from
    case .accepted(let sessionsEnded): detail["k"] = "\(sessionsEnded)"
    case .entered(let role): detail["role"] = role.rawValue
    case .checked(let report, let gaps, let session):
      detail = report.detail
      detail["k"] = "\(session)"
      detail["sizes"] = gaps.sizesText
      detail["at"] = gaps.placesText
    case .reported(let report): detail = report.detail
    case .sessionOpened(let counts), .sent(let counts): detail = counts.detail
    case .sessionBegan: break
    case .sessionEnded(let end, let counts):
      detail = counts.detail
      detail["ended"] = end.rawValue
    case .heard(let counts): detail = counts.detail
    case .over(let end, let reason):
      detail["ended"] = end.rawValue
      detail["reason"] = reason
    }
    return detail.text
  }

  /// Reads an event; nil if it is none.
  package init?(name: String, detail text: String) {
    guard let detail = Detail(text), let event = Self.event(name, detail) else { return nil }
    self = event
  }

  private static func event(_ name: String, _ detail: Detail) -> LiveEvent? {
    switch name {
    case "begins": RecordHeader(detail).map(LiveEvent.begins)
    case "requested": .requested(from: detail["from"] ?? "")
    case "accepted": detail.number("k").map { .accepted(sessionsEnded: $0) }
    case "entered": detail["role"].flatMap(DeviceRole.init).map(LiveEvent.entered)
    case "checked":
      if let report = GapReport(detail), let session = detail.number("k", as: UInt32.self),
        let gaps = CheckedGaps(sizes: detail["sizes"] ?? "", places: detail["at"])
      {
        .checked(report, gaps, session: session)
      } else {
        nil
      }
    case "reported": GapReport(detail).map(LiveEvent.reported)
    case "session_opened": SentCounts(detail).map(LiveEvent.sessionOpened)
    case "session_began": .sessionBegan
    case "session_ended":
      if let end = detail["ended"].flatMap(SessionEnd.init), let counts = SentCounts(detail) {
        .sessionEnded(end, counts)
      } else {
        nil
      }
    case "sent": SentCounts(detail).map(LiveEvent.sent)
    case "heard": HeardCounts(detail).map(LiveEvent.heard)
    case "over": detail["ended"].flatMap(RunEnd.init).map { .over($0, reason: detail["reason"] ?? "") }
    default: nil
    }
  }
}

extension RecordHeader {
  fileprivate var detail: Detail {
    var detail = Detail()
    detail["record"] = source.rawValue
    detail["file"] = file
    detail["server"] = server
    detail["own"] = own.isEmpty ? nil : own
    detail["group"] = group.isEmpty ? nil : group
    detail["began"] = "\(began.count)"
    return detail
  }

  fileprivate init?(_ detail: Detail) {
    guard let source = detail["record"].flatMap(RecordedEvent.Source.init), let file = detail["file"],
      let server = detail["server"], let began = detail.number("began", as: Int64.self),
      began.magnitude < 1 << 62
    else { return nil }
    self.init(
      source: source, file: file, server: server, own: detail["own"] ?? "", group: detail["group"] ?? "",
      began: Nanoseconds(began))
  }
}

extension GapReport {
  fileprivate var detail: Detail {
    var detail = Detail()
    detail["missing"] = "\(missingPackets)"
    detail["bytes"] = "\(totalGapBytes)"
    detail["gaps"] = "\(gaps)"
    detail["largest"] = "\(largestGap)"
    detail["chains"] = "\(chains)"
    detail["longest"] = "\(longestChain)"
    return detail
  }

  fileprivate init?(_ detail: Detail) {
    guard let missing = detail.number("missing", as: UInt32.self), let bytes = detail.number("bytes", as: UInt64.self),
      let gaps = detail.number("gaps", as: UInt32.self), let largest = detail.number("largest", as: UInt32.self),
      let chains = detail.number("chains", as: UInt32.self), let longest = detail.number("longest", as: UInt32.self)
    else { return nil }
    self.init(
      missingPackets: missing, totalGapBytes: bytes, gaps: gaps, largestGap: largest, chains: chains,
      longestChain: longest)
  }
}
