import RandomStreams
import Timebase

/// A time that is fixed, or that is drawn in seconds from a distribution and rounded to whole nanoseconds at once.
public enum TimeModel: Hashable, Sendable {
  case constant(Nanoseconds)
  case drawn(Distribution)
}

/// A number of packets that is fixed or drawn from a discrete distribution.
public enum CountModel: Hashable, Sendable {
  case constant(UInt64)
  case drawn(Distribution)
}

/// A probability that is fixed, or drawn once for each device and direction.
public enum ProbabilityModel: Hashable, Sendable {
  case constant(Double)
  case drawn(Distribution)
}

/// How packets are lost on one path in one direction (N6).
public enum LossModel: Hashable, Sendable {
  /// Nothing is lost.
  case none
  /// Each packet is lost with probability `p`, independently of the others.
  case bernoulli(p: ProbabilityModel)
  /// Two states: from good to bad with probability `p`, back with `r`. A packet is lost with `1 - k` in good and
  /// `1 - h` in bad.
  case gilbertElliott(p: ProbabilityModel, r: ProbabilityModel, k: ProbabilityModel, h: ProbabilityModel)
  /// The same by time (N13): the stays in the states are exponential with these means, and a packet is lost with a
  /// probability that depends on the state. All of them may be drawn once for each device and direction.
  case gilbertElliottInTime(
    good: TimeModel, bad: TimeModel, lossInGood: ProbabilityModel, lossInBad: ProbabilityModel)
  /// Bursts that lose everything, between which nothing is lost: the share that is lost, and their mean length.
  case bursts(loss: ProbabilityModel, length: BurstLength)
  /// Alternating runs of received and of lost packets, a received one first.
  case runs(good: CountModel, lost: CountModel)
  /// Nothing passes for some time, again and again (N13).
  case outages(OutageModel)
  /// The lost packets by number: a recording for each device of the cohort, or one for all.
  case trace(LossTrace)
  /// Several of these: a packet is lost if one of them takes it. Each has random streams of its own (N13).
  case anyOf([LossModel])
}

/// The mean length of a burst.
public enum BurstLength: Hashable, Sendable {
  /// By time; it may be drawn once for each device and direction.
  case time(TimeModel)
  /// By the packets that it takes, at least 1.
  case packets(Double)
}

/// When the devices of a cohort are switched on (N7).
public enum JoinModel: Hashable, Sendable {
  /// Each device draws its own time.
  case at(TimeModel)
  /// One after the other, `interval` apart, the first one an interval after `start`.
  case every(TimeModel, start: Nanoseconds)
  /// Each device at its listed time. There are as many times as devices.
  case list([Nanoseconds])
}

/// When the devices of a cohort are switched off (N8).
public enum LeaveModel: Hashable, Sendable {
  /// Every device stays.
  case never
  /// Every device draws its own time.
  case at(TimeModel)
  /// Some devices, by their number within the cohort (from 1), each at its time.
  case devices([DeviceLeave])
}

/// One device of a cohort that is switched off.
public struct DeviceLeave: Hashable, Sendable {
  /// The device's number within its cohort, from 1.
  public var device: Int
  /// When it is switched off.
  public var at: Nanoseconds

  /// Switches one device off.
  public init(device: Int, at: Nanoseconds) {
    self.device = device
    self.at = at
  }
}

/// Devices that are alike: how many, when they join and leave, and what their links do to packets.
public struct Cohort: Hashable, Sendable {
  /// The cohort's name, as in `devices.csv`.
  public var name: String
  /// How many devices it has.
  public var count: Int
  /// When they are switched on.
  public var join: JoinModel = .at(.constant(.zero))
  /// When they are switched off.
  public var leave: LeaveModel = .never
  /// The time a packet takes from the uplink to a device and back, drawn once per device (N3).
  public var latency: TimeModel = .constant(.microseconds(100))
  /// What is added to the latency, drawn per packet; nil for nothing.
  public var jitter: TimeModel?
  /// How long a device takes from an arrival to its answer (N4).
  public var turnaround: Nanoseconds = .microseconds(20)
  /// How long a device takes, once it is told of a group, until it hears that group (N4).
  public var groupJoinDelay: Nanoseconds = .zero
  /// The name of the segment that the devices are on; nil for the uplink itself (N10).
  public var segment: String?
  /// A port of each device, the last one on its way; nil for none.
  public var link: Link?
  /// How fast a device takes what arrives; nil for at once (N11).
  public var receiver: ReceiverBuffer?
  /// Loss from the server to a device.
  public var downLoss: LossModel = .none
  /// Loss from a device to the server.
  public var upLoss: LossModel = .none
  /// Whether its devices speak the strategy's protocol without its extension; of promotion's, without the option
  /// `promotion`. The network makes no difference.
  public var isPlain = false

  /// A cohort on a perfect network that joins at once.
  public init(name: String, count: Int) {
    self.name = name
    self.count = count
  }
}

/// A port below the server's uplink, with devices or other segments below it (N10).
public struct Segment: Hashable, Sendable {
  /// Its name, as in `segments.csv`.
  public var name: String
  /// The name of the segment above it; nil for the uplink.
  public var parent: String?
  /// Its rate in bits per second.
  public var bitsPerSecond: UInt64 = 1_000_000_000
  /// The rate of frames to the group; nil for the same rate.
  public var multicastBitsPerSecond: UInt64?
  /// The frames that may wait; nil for any number.
  public var queue: Int?
  /// The time from a frame's last bit to the next port, or to the paths of the devices.
  public var latency: Nanoseconds = .zero
  /// Loss before its fan-out, and of packets on their way up.
  public var loss: LossModel = .none

  /// A segment of 1 Gbit/s below the uplink.
  public init(name: String) { self.name = name }
}

/// A port of one device (N10).
public struct Link: Hashable, Sendable {
  /// Its rate in bits per second.
  public var bitsPerSecond: UInt64
  /// The frames that may wait; nil for any number.
  public var queue: Int?

  /// A link.
  public init(bitsPerSecond: UInt64, queue: Int? = nil) {
    self.bitsPerSecond = bitsPerSecond
    self.queue = queue
  }
}

/// A buffer between the network and a device, such as a slow disk or the ring of a network card (N11).
public struct ReceiverBuffer: Hashable, Sendable {
  /// The rate at which it empties.
  public var bitsPerSecond: UInt64
  /// How many bytes of UDP payload it holds.
  public var bytes: UInt64

  /// A buffer.
  public init(bitsPerSecond: UInt64, bytes: UInt64) {
    self.bitsPerSecond = bitsPerSecond
    self.bytes = bytes
  }
}

/// Limits for a run that would not end by itself.
public struct Limits: Hashable, Sendable {
  /// The last instant that is simulated.
  public var time: Nanoseconds = .seconds(24 * 3600)
  /// The most events: devices switched on or off, packets offered to the uplink, packets that reach the server, unicast
  /// packets that reach a device, and timers that fire. Both deliveries count alike.
  public var events: UInt64 = 10_000_000_000

  /// A day of simulated time.
  public init() {}
}

/// A network with a server and devices: the surroundings of a protocol.
public struct NetworkConfiguration: Hashable, Sendable {
  /// The uplink's rate in bits per second (N2).
  public var uplinkBitsPerSecond: UInt64 = 1_000_000_000
  /// The packets that may wait at the uplink; nil for any number.
  public var uplinkQueue: Int?
  /// How long the server takes from an arrival to its answer (N4).
  public var service: Nanoseconds = .microseconds(20)
  /// Loss before the fan-out of multicast (N5).
  public var sharedLoss: LossModel = .none
  /// The largest IP packet that one frame carries (N12).
  public var mtu: UInt32 = 1500
  /// The ports below the uplink, in any order (N10).
  public var segments: [Segment] = []
  /// The devices, numbered from 1 through all cohorts in this order.
  public var cohorts: [Cohort]
  /// Limits for a run that would not end by itself.
  public var limits = Limits()
  /// The step of the timeline, nil for none.
  public var timelineStep: Nanoseconds?
  /// The most steps of the timeline, a multiple of ten; nil for no limit.
  ///
  /// A run that goes on gets longer steps, and not more of them. So its timeline has many steps without anybody knowing
  /// in advance how long it takes. Such a timeline ends when every device is complete or failed, also in a run that is
  /// not whole.
  package var mostTimelineSteps: Int?

  /// A network on which nothing gets lost.
  public init(cohorts: [Cohort]) { self.cohorts = cohorts }

  /// The index of a segment.
  public func segmentIndex(of name: String) -> Int? { segments.firstIndex { $0.name == name } }

  /// Whether a cohort's devices are below a segment, by their indices.
  public func isCohort(_ cohort: Int, below segment: Int) -> Bool {
    var above = cohorts[cohort].segment
    for _ in 0...segments.count {
      guard let name = above, let here = segmentIndex(of: name) else { return false }
      if here == segment { return true }
      above = segments[here].parent
    }
    return false
  }

  /// The devices of all cohorts.
  public var deviceCount: Int { cohorts.reduce(0) { $0 + $1.count } }
}
