import BlockTransfer
import Network
import PromotionEngine
import TFTPWire
import Timebase
import Runs

/// What happened to one device, and why.
public struct DeviceStory: Hashable, Sendable {
  /// How the story ends.
  public enum Ending: Hashable, Sendable {
    /// The device has everything.
    case complete
    /// It gave up.
    case failed
    /// It was switched off before it had everything.
    case switchedOff
    /// The run ended first, for this reason.
    case unfinished(RunEnd)
  }

  /// What a device waits for, or does.
  public enum Activity: Hashable, Sendable {
    /// It is not switched on yet.
    case off
    /// It asked to join, and waits for the answer (R1, R3).
    case joining
    /// MTFTP: it listens before its first open (R17).
    case listeningFirst
    /// MTFTP: it opens, and waits for the group (R17, R20).
    case opening
    /// MTFTP: it lets time pass before it opens again (R20).
    case reopening
    /// It drives a session; nil if the server never took it for the driver.
    case driving(session: Int?)
    /// It listens while a session is under way that this device drives for the server.
    case listening(session: Int, driver: DeviceID)
    /// The session is over, and it waits to hear of that (R9).
    case notice
    /// It has a gap report to send, and lets the delay pass (R10).
    case report
    /// It waits for the answer to its gap report (R10).
    case answer
    /// It waits for a session.
    case session
    /// It waits until enough devices are there, or for long enough, for the first session (R22). What it asks meanwhile
    /// is no other activity.
    case start
    /// It may be promoted, and waits until a smart place is free (R13).
    case place
    /// It fetches what it misses by unicast (R14).
    case repair
  }

  /// A part of the device's time.
  public struct Part: Hashable, Sendable {
    /// What it did.
    public var activity: Activity
    /// From then.
    public var from: Nanoseconds
    /// Until then.
    public var until: Nanoseconds
    /// While it waits for a session: the devices, in the order of their numbers, whose answers the server awaited
    /// meanwhile. It repeated to them its check or its choice of the next driver (R9, R15).
    public var awaited: [DeviceID] = []
    /// How long.
    public var length: Nanoseconds { until - from }
  }

  /// A role that the device entered.
  public struct RoleChange: Hashable, Sendable {
    /// The role.
    public var role: RoleName
    /// When.
    public var time: Nanoseconds
  }

  /// What came of a session to the device, while it listened.
  public struct HeardSession: Hashable, Sendable {
    /// The session, from 1.
    public var session: Int
    /// Who drove it.
    public var driver: DeviceID
    /// When the server gave it to its driver.
    public var from: Nanoseconds
    /// When it ended; nil if the run ended first.
    public var until: Nanoseconds?
    /// How it ended; nil if the run ended first.
    public var ended: SessionEnd?
    /// Packets of DATA that arrived with a block that the device missed.
    public var new: UInt64 = 0
    /// Those that arrived with a block that it had.
    public var again: UInt64 = 0
    /// Those that it did not get, by where they were stopped; also once it was complete, while it listened still (R7).
    public var losses = Losses()
  }

  /// A check of the device's gaps.
  public struct Check: Hashable, Sendable {
    /// What made the device check itself (R9).
    public enum Occasion: Hashable, Sendable {
      /// A notice said that this session is over.
      case notice(session: UInt32)
      /// The server asked.
      case asked
      /// It heard nothing of the group for too long.
      case silence
    }

    /// What came of it.
    public enum Outcome: Hashable, Sendable {
      /// Nothing was missing, or nothing more than that came of it.
      case nothing
      /// It was promoted then.
      case promoted(Nanoseconds)
      /// It was told to wait then.
      case toldToWait(Nanoseconds)
      /// It was told then to drive the next session.
      case elected(Nanoseconds)
    }

    /// When.
    public var time: Nanoseconds
    /// Why.
    public var occasion: Occasion
    /// The figures (R10).
    public var figures: GapReport
    /// Why it misses what it misses.
    public var causes: Causes
    /// What came of it.
    public var outcome = Outcome.nothing
  }

  /// What the device missed at an instant at which it did not check itself, or at its end.
  public struct Shortfall: Hashable, Sendable {
    /// Which instant that is.
    public enum Occasion: Hashable, Sendable {
      /// It began to drive a session, and checks nothing (R14's last sentence).
      case drives
      /// Its story ends before it has everything.
      case end
    }

    /// When.
    public var time: Nanoseconds
    /// Why one looks at what it misses.
    public var occasion: Occasion
    /// The figures, as those of a check (R10).
    public var figures: GapReport
    /// Why it misses what it misses.
    public var causes: Causes
  }

  /// What did not go as it should.
  public struct Troubles: Hashable, Sendable {
    /// Requests to join that were repeated after a timeout (R3).
    public var repeatedRequests = 0
    /// Asks for blocks that were repeated after a timeout (R6, R14, R18). The first ask for a block is none, though it may
    /// come after a timeout.
    public var repeatedAsks = 0
    /// First asks of a driver for a block that came only after a timeout, because it knew of no reason to ask before (R6).
    public var lateAsks = 0
    /// Gap reports that were repeated after a timeout (R10).
    public var repeatedReports = 0
    /// Opens that were repeated after a timeout (R17).
    public var repeatedOpens = 0
    /// How often the device heard nothing of the group for too long (R9, R19).
    public var silences = 0
    /// Messages to it that it did not get, but for multicast DATA, by where they were stopped; until its end.
    public var lostToIt = Losses()
    /// Messages of its own that were lost, by where; none is said to be lost in a burst.
    public var lostFromIt = Losses()
  }

  /// The device, from 1.
  public var device: DeviceID
  /// Its cohort's index.
  public var cohort: Int
  /// When it is switched on.
  public var join: Nanoseconds
  /// How the story ends.
  public var ending: Ending
  /// When it ends.
  public var end: Nanoseconds
  /// All that it did from 0 to the end: each part begins where the one before it ends.
  public var parts: [Part]
  /// The roles that it entered.
  public var roles: [RoleChange]
  /// The sessions of which DATA came to it while it listened, or was stopped on the way.
  public var sessions: [HeardSession]
  /// Whether it checks itself: it and the server both speak of promotion (R14).
  public var checksItself: Bool
  /// Its checks, but for those while the first session waits for devices (R22): nothing was sent yet.
  public var checks: [Check]
  /// What it missed when nothing checked it, in the order of time; also before the start.
  public var shortfalls: [Shortfall]
  /// Blocks that were missing and came by unicast.
  public var repaired: UInt64
  /// What did not go as it should.
  public var troubles: Troubles
  /// The limits that decided on its promotion.
  public var promotion: PromotionParameters
  /// Which multicast was spoken.
  public var mode: MulticastMode
}

extension DeviceStory {
  /// A limit that a gap does not meet (R11, R12).
  public enum Limit: Hashable, Sendable {
    case threshold(UInt64)
    case maxGaps(UInt32)
    case maxLargestGap(UInt32)
    case maxChain(UInt32)
  }

  /// The limits that these figures do not meet; a device that meets all of them may be promoted.
  public func limits(notMetBy figures: GapReport) -> [Limit] { promotion.limits(notMetBy: figures, in: mode) }
}

extension PromotionParameters {
  /// See ``DeviceStory/limits(notMetBy:)``. MTFTP knows the threshold alone (R19).
  func limits(notMetBy figures: GapReport, in mode: MulticastMode) -> [DeviceStory.Limit] {
    var limits: [DeviceStory.Limit] = []
    if figures.totalGapBytes >= threshold { limits.append(.threshold(threshold)) }
    guard mode == .rfc2090 else { return limits }
    if let maxGaps, figures.gaps > maxGaps { limits.append(.maxGaps(maxGaps)) }
    if let maxLargestGap, figures.largestGap > maxLargestGap { limits.append(.maxLargestGap(maxLargestGap)) }
    if let maxChain, figures.longestChain > maxChain { limits.append(.maxChain(maxChain)) }
    return limits
  }
}

extension DeviceStory {
  /// Runs one replication, and tells what happened to some of its devices.
  ///
  /// - Throws: an ``InvariantBreach`` when the run contradicts itself.
  public static func stories(
    of devices: [DeviceID], in configuration: SimulationConfiguration, seed: UInt64, replication: Int,
    delivery: Delivery = .byRuns
  ) throws(InvariantBreach) -> [DeviceStory] {
    var run = WatchedRun(configuration, seed: seed, replication: replication, delivery: delivery) {
      Watch(stories: DeviceStories(of: devices, in: $0))
    }
    let ended = run.advance() ?? .complete
    let totals = run.finish(ended)
    _ = try run.record(ended, totals)
    var stories = run.watch.stories
    return stories?.stories(ofRunThatEnded: ended, at: run.core.time) { run.core.receiver(of: $0) } ?? []
  }
}
