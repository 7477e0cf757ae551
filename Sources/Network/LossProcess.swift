import RandomStreams
import Timebase

/// The loss process of one device in one direction (N5, N6).
///
/// Loss is drawn as the distance to the next loss: one draw per loss, not one per packet. A stretch says how many
/// packets pass, and how many are lost after them. The next stretch is drawn when a packet is offered and the stretch
/// before is used up. So it does not matter in what portions packets are offered.
@usableFromInline
struct LossProcess: Sendable {
  @usableFromInline
  enum Law: Sendable {
    case never
    case bernoulli(GeometricLaw)
    case rareBernoulli(GeometricLaw)
    case gilbertElliott(GilbertElliott)
    case runs(good: CountModel, lost: CountModel)
    case trace(TraceLaw)
    /// Several laws, none of which goes by time.
    case list(LossList)
    /// One that goes by time: ``LossProcess/clock``.
    case clock
  }

  /// The chain of Gilbert and Elliott, with the rest of the dwell in its state.
  @usableFromInline
  struct GilbertElliott: Sendable {
    let leavesGood: GeometricLaw
    let leavesBad: GeometricLaw
    let lossInGood: GeometricLaw
    let lossInBad: GeometricLaw
    var isBad: Bool
    var dwell: UInt64

    /// A chain in its stationary state; probabilities in good come first.
    init(leaves: (good: Double, bad: Double), loss: (good: Double, bad: Double), from stream: inout RandomStream) {
      (leavesGood, leavesBad) = (GeometricLaw(p: leaves.good), GeometricLaw(p: leaves.bad))
      (lossInGood, lossInBad) = (GeometricLaw(p: loss.good), GeometricLaw(p: loss.bad))
      let sum = leaves.good + leaves.bad
      isBad = stream.geometric(p: sum > 0 ? leaves.good / sum : 0) == 1
      dwell = stream.geometric(isBad ? leavesBad : leavesGood)
    }
  }

  /// Packets that pass before the next loss, or before the next draw.
  @usableFromInline var passing: UInt64 = 0
  /// Packets that are lost after those.
  @usableFromInline var losing: UInt64 = 0
  /// Whether they are lost in the bad state of a chain.
  @usableFromInline var losesInBurst = false
  @usableFromInline var law: Law
  /// Whether it is the time of arrival that decides on a packet (N13), and not its number: then ``passing`` stays 0.
  @usableFromInline var hasClock = false
  @usableFromInline var stream: RandomStream
  /// The next stretches of a Bernoulli process.
  @usableFromInline var ahead = DistancesAhead()
  /// The law that goes by time, if ``hasClock``. That is asked for each packet, and stands where a packet looks anyway.
  @usableFromInline var clock: LossByClock?

  /// The process of a device, or the shared one.
  ///
  /// - Parameters:
  ///   - model: the law; its parameters are drawn if they are distributions.
  ///   - index: the device's index in its cohort, for traces.
  ///   - start: no packet is offered before; a law that goes by time and is stationary starts here.
  @usableFromInline
  init(_ model: LossModel, index: Int = 0, from start: Nanoseconds = .zero, _ streams: LossStreams) {
    stream = streams.packets
    law = .never
    var parameters = streams.parameters
    switch model {
    case .none:
      break
    case .bernoulli(let p):
      law = Self.bernoulli(p.value(from: &parameters))
    case .gilbertElliott(let p, let r, let k, let h):
      let (leavesGood, leavesBad) = (p.value(from: &parameters), r.value(from: &parameters))
      let (passGood, passBad) = (k.value(from: &parameters), h.value(from: &parameters))
      law = .gilbertElliott(
        GilbertElliott(leaves: (leavesGood, leavesBad), loss: (1 - passGood, 1 - passBad), from: &stream))
    case .gilbertElliottInTime(let good, let bad, let lossInGood, let lossInBad):
      let means = (good: good.mean(from: &parameters), bad: bad.mean(from: &parameters))
      let loss = (good: lossInGood.value(from: &parameters), bad: lossInBad.value(from: &parameters))
      go(by: TimedChain(means: means, loss: loss, from: start, streams))
    case .bursts(let loss, let length):
      loseInBursts(loss.value(from: &parameters), length, from: start, &parameters, streams)
    case .runs(let good, let lost):
      law = .runs(good: good, lost: lost)
    case .outages(let model):
      go(by: OutageProcess(model, stream: stream))
    case .trace(let trace):
      law = TraceLaw(trace, index: index).map { .trace($0) } ?? .never
    case .anyOf(let models):
      let list = LossList(
        models.enumerated().map { LossProcess($1, index: index, from: start, streams.ofMember($0)) })
      if list.hasClock { go(by: list) } else { law = .list(list) }
    }
  }

  private mutating func go(by clock: some ClockedLaw) {
    (law, hasClock, self.clock) = (.clock, true, LossByClock(clock))
  }

  private static func bernoulli(_ p: Double) -> Law {
    let distances = GeometricLaw(p: p)
    return distances.isDirect ? .bernoulli(distances) : .rareBernoulli(distances)
  }

  /// Bursts in which everything is lost, between which nothing is.
  private mutating func loseInBursts(
    _ share: Double, _ length: BurstLength, from start: Nanoseconds, _ parameters: inout RandomStream,
    _ streams: LossStreams
  ) {
    if share <= 0 { return law = .never }
    if share >= 1 { return law = Self.bernoulli(1) }
    switch length {
    case .time(let time):
      let bad = time.mean(from: &parameters)
      go(by: TimedChain(means: (bad * (1 - share) / share, bad), loss: (0, 1), from: start, streams))
    case .packets(let packets):
      let leavesBad = 1 / packets
      let leavesGood = min(1, leavesBad * share / (1 - share))
      law = .gilbertElliott(GilbertElliott(leaves: (leavesGood, leavesBad), loss: (0, 1), from: &stream))
    }
  }

  /// Offers one packet that arrives at `time`; true when it is lost.
  @inlinable @inline(__always)
  mutating func loses(at time: Nanoseconds) -> Bool {
    if passing > 0 {
      passing -= 1
      return false
    }
    return hasClock ? clock?.loses(at: time) ?? false : pass(1) == 0
  }

  /// Offers `count` packets, or as many as it takes to lose one. Returns how many pass. If that is fewer than `count`,
  /// the next packet is lost, and has been offered too.
  @inlinable @inline(__always)
  mutating func pass(_ count: UInt64) -> UInt64 {
    if passing >= count {
      passing -= count
      return count
    }
    return passAcrossStretches(count)
  }

  /// Offers packets of a sequence, from the `packet`-th to the `end`-th, and notes which are lost: all of them, or as
  /// many as there is room for. In that case `packet` follows the last of them.
  ///
  /// - Returns: how many are lost.
  @inlinable @inline(__always)
  mutating func offer(from packet: inout Int, until end: Int, lost: UnsafeMutableBufferPointer<Int>) -> Int {
    var count = 0
    while packet < end, count < lost.count {
      packet &+= Int(truncatingIfNeeded: pass(UInt64(truncatingIfNeeded: end &- packet)))
      guard packet < end else { break }
      lost.initializeElement(at: count, to: packet)
      count &+= 1
      packet &+= 1
      // Losses that were drawn ahead need only an addition each.
      if losing == 0 { ahead.lose(from: &packet, until: end, lost: lost, &count) }
    }
    return count
  }

  /// Offers packets of a part of the log, if ``hasClock``.
  @usableFromInline
  mutating func offerByClock(
    _ part: inout LogPart, from position: inout Int, in firstRun: Int, until end: Int, latency: Nanoseconds
  ) {
    clock?.offer(&part, from: &position, in: firstRun, until: end, latency: latency)
  }

  /// Foresees the losses of about this many `packets`, as far as they are kept. Returns for how many packets from the
  /// next one on it is known that at most `longest` are lost in a row.
  @usableFromInline
  mutating func foresee(_ packets: UInt64, runsUpTo longest: Int) -> UInt64 {
    switch law {
    case .never: return .max
    case .bernoulli(let law):
      let further = ahead.foresee(packets, runsUpTo: longest, after: Int(losing), by: law, from: &stream)
      return passing + losing + further
    case .rareBernoulli, .gilbertElliott, .runs, .trace, .list, .clock: return passing
    }
  }

  /// A number of runs of lost packets that is hardly exceeded among this many `packets`: two standard deviations above
  /// the mean. 0 for laws where this is not known.
  @usableFromInline
  func likelyRuns(among packets: Double) -> Int {
    guard case .bernoulli(let law) = law else { return 0 }
    let mean = packets * law.p * (1 - law.p)
    return Int(mean + 2 * mean.squareRoot())
  }

  @inlinable @inline(__always)
  mutating func passAcrossStretches(_ count: UInt64) -> UInt64 {
    var passed: UInt64 = 0
    while true {
      if passing >= count &- passed {
        passing &-= count &- passed
        return count
      }
      passed &+= passing
      passing = 0
      if losing > 0 {
        losing &-= 1
        return passed
      }
      drawStretch()
    }
  }

  @inlinable @inline(__always)
  mutating func drawStretch() {
    if let distance = ahead.popFirst() {
      (passing, losing) = (UInt64(distance) &- 1, 1)
    } else {
      drawStretchByLaw()
    }
  }

  @usableFromInline
  mutating func drawStretchByLaw() {
    switch law {
    case .never:
      passing = .max
    case .clock:
      preconditionFailure("a law that goes by time has no stretches of packets")
    case .list(var list):
      law = .never  // else the change would copy it
      (passing, losing) = list.drawStretch()
      losesInBurst = list.lossIsInBurst
      law = .list(list)
    case .bernoulli(let law):
      ahead.draw(by: law, from: &stream)
      drawStretch()
    case .rareBernoulli(let law):
      (passing, losing) = Self.distance(stream.geometric(law))
    case .gilbertElliott(var chain):
      let distance = stream.geometric(chain.isBad ? chain.lossInBad : chain.lossInGood)
      let used = min(distance, chain.dwell)
      (passing, losing) = distance <= chain.dwell ? Self.distance(distance) : (chain.dwell, 0)
      losesInBurst = chain.isBad
      if chain.dwell != .max { chain.dwell -= used }
      if chain.dwell == 0 {
        chain.isBad.toggle()
        chain.dwell = stream.geometric(chain.isBad ? chain.leavesBad : chain.leavesGood)
      }
      law = .gilbertElliott(chain)
    case .runs(let good, let lost):
      passing = good.value(from: &stream)
      losing = lost.value(from: &stream)
    case .trace(var trace):
      (passing, losing) = trace.drawStretch()
      law = .trace(trace)
    }
  }

  /// Whether a packet was offered after the end of a trace that is not repeated.
  @usableFromInline var hasOutlivedTrace: Bool {
    switch law {
    case .trace(let trace): trace.isOutlived
    case .list(let list): list.hasOutlivedTrace
    case .clock: clock?.law.hasOutlivedTrace ?? false
    case .never, .bernoulli, .rareBernoulli, .gilbertElliott, .runs: false
    }
  }

  /// The first loss at the `trials`-th packet, or never.
  private static func distance(_ trials: UInt64) -> (passing: UInt64, losing: UInt64) {
    trials == .max ? (.max, 0) : (trials - 1, 1)
  }
}

extension ProbabilityModel {
  func value(from stream: inout RandomStream) -> Double {
    switch self {
    case .constant(let value): value
    case .drawn(let distribution): distribution.drawProbability(from: &stream)
    }
  }
}

extension TimeModel {
  /// A mean stay in seconds.
  fileprivate func mean(from stream: inout RandomStream) -> Double {
    max(value(from: &stream), TimedChain.leastMean).seconds
  }
}

extension CountModel {
  func value(from stream: inout RandomStream) -> UInt64 {
    switch self {
    case .constant(let value): value
    case .drawn(let distribution): distribution.drawCount(from: &stream)
    }
  }
}
