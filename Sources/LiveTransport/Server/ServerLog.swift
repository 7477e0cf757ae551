import BootService
import Logging
import PromotionEngine
import Quantities
import Synchronization
import TFTPTransfer
import TFTPWire
import Timebase

/// A line in the log for what happens at a server.
package final class ServerLog: Sendable {
  private let log: Logger
  private let budget = Mutex(LineBudget(perSecond: 200))

  /// Lines for a logger.
  package init(_ log: Logger) { self.log = log }

  /// Says an event. DATA is told at level `trace`; what belongs to nothing, and what devices are taken for, at `debug`.
  /// At `trace` everything is told, otherwise at most 200 lines a second.
  package func tell(_ event: ServerEvent, at time: Nanoseconds) {
    let (level, words, metadata) = event.line
    guard level >= log.logLevel else { return }
    if log.logLevel > .trace {
      switch budget.withLock({ $0.judge(at: time) }) {
      case .write: break
      case .writeAfter(let leftOut): log.warning("\(leftOut) lines were left out")
      case .leaveOut: return
      }
    }
    log.log(level: level, "\(words)", metadata: metadata)
  }
}

extension ServerEvent {
  fileprivate typealias Line = (Logger.Level, String, Logger.Metadata)

  /// Its level, its words, and what they are about. Names come from the network, so what is not printable is replaced.
  fileprivate var line: Line {
    switch self {
    case .groupOpened(let group, let description): return description.line(of: group)
    case .groupClosed(let group): return (.info, "group closed", ["group": "\(group)"])
    case .joined(let device, let group, let endpoint, let knowsPromotion):
      return (
        .info, knowsPromotion ? "device joined" : "device joined, without promotion",
        Self.metadata(group, device, ["client": "\(endpoint)"])
      )
    case .askedAgain(let device, let group):
      return (.debug, "device asked again", Self.metadata(group, device))
    case .standing(let device, let group, let standing):
      return (.debug, "device is \(standing.rawValue)", Self.metadata(group, device))
    case .reported(let device, let group, let report): return report.line(Self.metadata(group, device))
    case .left(let device, let group, let leaving): return (.info, leaving.words, Self.metadata(group, device))
    case .started(let group): return (.info, "enough devices", ["group": "\(group)"])
    case .sessionOpened(let group, let session, let active):
      return (.info, "session opened", Self.metadata(group, active, ["session": "\(session)"]))
    case .sessionBegan(let group, let session):
      return (.debug, "session began", ["group": "\(group)", "session": "\(session)"])
    case .sessionEnded(let group, let session, let end):
      return (.info, "session ended: \(end.rawValue)", ["group": "\(group)", "session": "\(session)"])
    case .sentToGroup, .sentToDevice, .told, .transferSent: return dataLine
    case .transferBegan, .transferEnded, .refused, .stray: return transferLine
    }
  }

  private var dataLine: Line {
    switch self {
    case .sentToGroup(let group, let first, let last, _):
      return (.trace, "DATA to the group", ["group": "\(group)", "blocks": "\(first)-\(last)"])
    case .sentToDevice(let device, let group, let block, _):
      return (.trace, "DATA to a device", Self.metadata(group, device, ["blocks": "\(block)"]))
    case .told(let group, let bytes):
      return (.trace, "a packet without DATA", ["group": "\(group)", "bytes": "\(bytes)"])
    case .transferSent(let transfer, let first, let last, _):
      return (.trace, "DATA", ["transfer": "\(transfer)", "blocks": "\(first)-\(last)"])
    default: return (.trace, "", [:])
    }
  }

  private var transferLine: Line {
    switch self {
    case .transferBegan(let transfer, let description): return description.line(of: transfer)
    case .transferEnded(let transfer, let closing):
      return (.info, "transfer ended: \(closing.words)", ["transfer": "\(transfer)"])
    case .refused(let endpoint, let name, let code, let reason):
      return (
        .notice, "refused: \(reason)",
        ["client": "\(endpoint)", "file": "\(name.printable)", "error": "\(code.rawValue)"]
      )
    case .stray(let endpoint): return (.debug, "a packet that belongs to nothing", ["client": "\(endpoint)"])
    default: return (.trace, "", [:])
    }
  }

  private static func metadata(
    _ group: GroupID, _ device: UInt32, _ more: Logger.Metadata = [:]
  ) -> Logger.Metadata {
    more.merging(["group": "\(group)", "device": "\(device)"]) { first, _ in first }
  }
}

extension GroupDescription {
  fileprivate func line(of group: GroupID) -> (Logger.Level, String, Logger.Metadata) {
    (
      .info, "group opened",
      [
        "group": "\(group)", "address": "\(address)", "file": "\(fileName.printable)", "bytes": "\(layout.size)",
        "blksize": "\(terms.blockSize)", "windowsize": "\(terms.windowSize)", "mode": "\(mode.rawValue)",
      ]
    )
  }
}

extension TransferDescription {
  fileprivate func line(of transfer: TransferID) -> (Logger.Level, String, Logger.Metadata) {
    (
      .info, "transfer began",
      [
        "transfer": "\(transfer)", "client": "\(client)", "file": "\(fileName.printable)",
        "bytes": "\(terms.file.size)", "blksize": "\(terms.file.blockSize)", "windowsize": "\(terms.windowSize)",
      ]
    )
  }
}

extension GapReport {
  fileprivate func line(_ metadata: Logger.Metadata) -> (Logger.Level, String, Logger.Metadata) {
    let figures: Logger.Metadata = [
      "missing": "\(missingPackets)", "bytes": "\(totalGapBytes)", "gaps": "\(gaps)", "largest": "\(largestGap)",
    ]
    return (.info, "gap report", metadata.merging(figures) { first, _ in first })
  }
}

extension DeviceLeaving {
  fileprivate var words: String {
    switch self {
    case .gaveUp(let code): "device gave up, by ERROR \(code.rawValue)"
    case .askedForOther: "device left: it asked for something else"
    case .servedAlone: "device does not hear the group, and is served alone"
    }
  }
}

extension TransferClosing {
  fileprivate var words: String {
    switch self {
    case .replaced: "the client asked anew"
    case .ended(.complete): "complete"
    case .ended(.unacknowledged): "all was sent, and the client is silent"
    case .ended(.silent): "the client is silent"
    case .ended(.refused(let code)): "the client gave up, by ERROR \(code.rawValue)"
    case .ended(.cancelled(let code)): "the server ended it, by ERROR \(code.rawValue)"
    }
  }
}
