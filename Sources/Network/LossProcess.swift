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
    case trace([ClosedRange<UInt64>], next: Int)
    case outages(OutageProcess)
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
  }

  /// Packets that pass before the next loss, or before the next draw.
  @usableFromInline var passing: UInt64 = 0
  /// Packets that are lost after those.
  @usableFromInline var losing: UInt64 = 0
  @usableFromInline var law: Law
  /// Whether it is the time of arrival that decides on a packet (N13), and not its number: then ``passing`` stays 0.
  @usableFromInline var hasClock = false
  @usableFromInline var stream: RandomStream
  /// The next stretches of a Bernoulli process.
  @usableFromInline var ahead = DistancesAhead()

  /// The process of a device, or the shared one.
  ///
  /// - Parameters:
  ///   - model: the law; its parameters are drawn from `parameters` if they are distributions.
  ///   - index: the device's index in its cohort, for traces.
  @usableFromInline
  init(_ model: LossModel, index: Int = 0, stream: RandomStream, parameters: RandomStream) {
    var stream = stream
    var parameters = parameters
    switch model {
    case .none:
      law = .never
    case .bernoulli(let p):
      let distances = GeometricLaw(p: p.value(from: &parameters))
      law = distances.isDirect ? .bernoulli(distances) : .rareBernoulli(distances)
    case .gilbertElliott(let p, let r, let k, let h):
      let (leavesGood, leavesBad) = (p.value(from: &parameters), r.value(from: &parameters))
      let leaves = leavesGood + leavesBad
      var chain = GilbertElliott(
        leavesGood: GeometricLaw(p: leavesGood), leavesBad: GeometricLaw(p: leavesBad),
        lossInGood: GeometricLaw(p: 1 - k.value(from: &parameters)),
        lossInBad: GeometricLaw(p: 1 - h.value(from: &parameters)), isBad: false, dwell: 0)
      chain.isBad = stream.geometric(p: leaves > 0 ? leavesGood / leaves : 0) == 1
      chain.dwell = stream.geometric(chain.isBad ? chain.leavesBad : chain.leavesGood)
      law = .gilbertElliott(chain)
    case .runs(let good, let lost):
      law = .runs(good: good, lost: lost)
    case .outages(let model):
      law = .outages(OutageProcess(model, stream: stream))
      hasClock = true
    case .trace(let lists):
      let lost = lists.isEmpty ? [] : lists[lists.count == 1 ? 0 : index].runs
      law = lost.isEmpty ? .never : .trace(lost, next: 0)
    }
    self.stream = stream
  }

  /// Offers packets that pass, at most ``passing``.
  @inlinable
  mutating func skip(_ count: UInt64) {
    precondition(count <= passing, "\(count) packets are skipped of \(passing)")
    passing -= count
  }

  /// Offers one packet that arrives at `time`; true when it is lost.
  @inlinable @inline(__always)
  mutating func loses(at time: Nanoseconds) -> Bool {
    if passing > 0 {
      passing -= 1
      return false
    }
    return hasClock ? isOut(at: time) : pass(1) == 0
  }

  /// Whether a process with a clock loses what arrives at `time`; times never go back.
  @usableFromInline
  mutating func isOut(at time: Nanoseconds) -> Bool {
    guard case .outages(var outages) = law else { return false }
    defer { law = .outages(outages) }
    return outages.isOut(at: time)
  }

  /// Until when a process with a clock treats all packets as one that arrives at `time`.
  mutating func nextChange(after time: Nanoseconds) -> Nanoseconds {
    guard case .outages(var outages) = law else { return .never }
    defer { law = .outages(outages) }
    return outages.nextChange(after: time)
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

  /// Foresees the losses of about this many `packets`, as far as they are kept. Returns for how many packets from the
  /// next one on it is known that at most `longest` are lost in a row.
  @usableFromInline
  mutating func foresee(_ packets: UInt64, runsUpTo longest: Int) -> UInt64 {
    switch law {
    case .never: return .max
    case .bernoulli(let law):
      let further = ahead.foresee(packets, runsUpTo: longest, after: Int(losing), by: law, from: &stream)
      return passing + losing + further
    case .rareBernoulli, .gilbertElliott, .runs, .trace, .outages: return passing
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
    case .outages:
      preconditionFailure("outages go by time, not by packets")
    case .bernoulli(let law):
      ahead.draw(by: law, from: &stream)
      drawStretch()
    case .rareBernoulli(let law):
      (passing, losing) = Self.distance(stream.geometric(law))
    case .gilbertElliott(var chain):
      let distance = stream.geometric(chain.isBad ? chain.lossInBad : chain.lossInGood)
      let used = min(distance, chain.dwell)
      (passing, losing) = distance <= chain.dwell ? Self.distance(distance) : (chain.dwell, 0)
      if chain.dwell != .max { chain.dwell -= used }
      if chain.dwell == 0 {
        chain.isBad.toggle()
        chain.dwell = stream.geometric(chain.isBad ? chain.leavesBad : chain.leavesGood)
      }
      law = .gilbertElliott(chain)
    case .runs(let good, let lost):
      passing = good.value(from: &stream)
      losing = lost.value(from: &stream)
    case .trace(let lost, let next):
      guard next < lost.count else {
        law = .never
        passing = .max
        return
      }
      passing = lost[next].lowerBound - (next > 0 ? lost[next - 1].upperBound : 0) - 1
      losing = lost[next].upperBound - lost[next].lowerBound + 1
      law = .trace(lost, next: next + 1)
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

extension CountModel {
  func value(from stream: inout RandomStream) -> UInt64 {
    switch self {
    case .constant(let value): value
    case .drawn(let distribution): distribution.drawCount(from: &stream)
    }
  }
}
