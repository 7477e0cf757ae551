import BlockTransfer
import PromotionEngine
import Runs
import TFTPWire
import Timebase

/// What became of one device, from what the server wrote down of it, or from its own record if there is one.
struct DeviceTrack: Sendable {
  /// A check with what it found, or a report of one.
  struct Check: Hashable, Sendable {
    var time: Nanoseconds
    var report: GapReport
    /// The sizes of its gaps; nil of a report, which does not say them.
    var gaps: CheckedGaps?
    /// How many sessions had ended by then; nil of a report.
    var session: UInt32?
  }

  /// When it asked first; in MTFTP, where nothing is asked, when it began to listen.
  private(set) var join: Nanoseconds?
  /// Its roles with their times.
  private(set) var roles: [(time: Nanoseconds, role: DeviceRole)] = []
  /// Its checks, or the reports of them.
  private(set) var checks: [Check] = []
  /// What came to it; nil without a record of its own.
  private(set) var heard: HeardCounts?

  /// Takes an event that concerns it.
  mutating func take(_ event: LiveEvent, at time: Nanoseconds) {
    switch event {
    case .requested: join = min(join ?? time, time)
    case .accepted: join = join ?? time
    case .entered(let role):
      guard role != roles.last?.role else { break }
      roles.append((time, role))
    case .checked(let report, let gaps, let session):
      checks.append(Check(time: time, report: report, gaps: gaps, session: session))
    case .reported(let report):
      checks.append(Check(time: time, report: report))
    case .heard(let counts): heard = counts
    case .begins, .sessionOpened, .sessionBegan, .sessionEnded, .sent, .over: break
    }
  }

  /// When it entered a role for the first time.
  func entered(_ role: DeviceRole) -> Nanoseconds? { roles.first { $0.role == role }?.time }

  /// Its role at an instant.
  func role(at time: Nanoseconds) -> DeviceRole { roles.last { $0.time <= time }?.role ?? .joining }

  /// Whether it missed a block at a check, or became smart, from one instant to before another.
  func misses(from start: Nanoseconds, until end: Nanoseconds) -> Bool {
    checks.contains { $0.time >= start && $0.time < end && $0.report.missingPackets > 0 }
      || roles.contains { $0.time >= start && $0.time < end && $0.role == .smart }
  }

  /// The record of the device, its times counted from `zero`.
  func record(of number: Int, cohort: Int, from zero: Nanoseconds) -> DeviceRecord {
    let counts = heard ?? HeardCounts()
    var record = DeviceRecord(
      device: number, cohort: cohort, join: (join ?? zero) - zero, roles: roles.map(\.role).filter { $0 != .joining },
      sessionsHeard: counts.sessions, firstCheck: checks.first?.report,
      missedAtCheck: checks.contains { $0.report.missingPackets > 0 }, promoted: entered(.smart).map { $0 - zero },
      completed: entered(.complete).map { $0 - zero }, multicastBlocks: counts.multicastBlocks,
      unicastBlocks: counts.unicastBlocks, duplicatePackets: counts.duplicates, offeredPackets: 0, lostPackets: 0)
    record.known = heard == nil ? [] : .devices
    return record
  }
}
