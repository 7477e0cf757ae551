import RandomStreams
import Timebase

/// The chain of Gilbert and Elliott by time (N13): the stays in its two states are exponential, and it starts stationary.
///
/// The stays come from one stream, the fates of the packets in each state from a stream of their own. So when a stay ends
/// depends on no packet, and whoever looks ahead at it draws nothing that a packet would draw.
///
/// After each million stays or so, at fixed instants, an *epoch* ends, and the chain starts anew with a part of the stream
/// that belongs to the next one. So a path on which nothing comes for hours need not draw all that it passed over.
struct TimedChain: ClockedLaw {
  /// The least mean of a stay. A chain that changes much faster than packets come would take time, and have no bursts.
  static let leastMean = Nanoseconds.microseconds(10)

  /// The packets of one state.
  private struct Fates {
    let distances: GeometricLaw
    let losesAll: Bool
    var stream: RandomStream
    /// How many pass before the next loss; `.max` if none is ever lost.
    var passing: UInt64 = 0

    init(loss: Double, stream: RandomStream) {
      distances = GeometricLaw(p: loss)
      losesAll = loss >= 1
      self.stream = stream
      goOn()
    }

    /// Draws how many pass after a loss.
    mutating func goOn() {
      if losesAll { return }
      let trials = stream.geometric(distances)
      passing = trials == .max ? .max : trials - 1
    }
  }

  /// How many stays are drawn at once.
  private static let drawnAtOnce = 16
  /// How many stays an epoch has, about.
  private static let staysOfEpoch = 1 << 20

  private let streams: LossStreams
  private let start: Nanoseconds
  private let shareOfBad: Double
  private let epoch: Nanoseconds
  private var epochEnd: Nanoseconds
  /// The mean stays, in seconds.
  private let means: (good: Double, bad: Double)
  private var stays: RandomStream
  private let drawsMany: Bool
  /// The next stays, in nanoseconds, and how many of them are over.
  private var ahead = InlineArray<16, UInt64>(repeating: 0)
  private var nextAhead = Self.drawnAtOnce
  private var good: Fates
  private var bad: Fates
  private var isBad: Bool
  /// When the stay in the state ends.
  private var end: Nanoseconds

  /// A chain from an instant on.
  ///
  /// - Parameters:
  ///   - means: the mean stays in good and in bad, in seconds; their sum is more than 0.
  ///   - loss: the probabilities that a packet is lost in good and in bad.
  init(
    means: (good: Double, bad: Double), loss: (good: Double, bad: Double), from start: Nanoseconds,
    _ streams: LossStreams
  ) {
    self.means = means
    drawsMany = RandomStream.drawsMany(ofMean: means.good) && RandomStream.drawsMany(ofMean: means.bad)
    shareOfBad = means.bad / (means.good + means.bad)
    self.streams = streams
    self.start = start
    let length = (means.good + means.bad) / 2 * Double(Self.staysOfEpoch)
    epoch = length < Distribution.longestTime.seconds ? Nanoseconds(Int64(length * 1e9)) : Distribution.longestTime
    good = Fates(loss: loss.good, stream: streams.fates(inBad: false))
    bad = Fates(loss: loss.bad, stream: streams.fates(inBad: true))
    stays = streams.packets
    (isBad, end, epochEnd) = (false, start, start)
    begin(0)
  }

  /// Starts an epoch in the stationary state.
  private mutating func begin(_ number: Int) {
    stays = streams.stays(ofEpoch: number)
    let begin = start + epoch * number
    epochEnd = begin < Distribution.longestTime ? begin + epoch : .never
    isBad = stays.geometric(p: shareOfBad) == 1
    end = begin
    // This one fills up a block of the stream, so the next ones can be drawn together.
    nextAhead = Self.drawnAtOnce
    stay(for: stays.exponential(mean: isBad ? means.bad : means.good))
  }

  private mutating func drawStay() {
    guard drawsMany else { return stay(for: stays.exponential(mean: isBad ? means.bad : means.good)) }
    if nextAhead == Self.drawnAtOnce { drawAhead() }
    stay(for: Nanoseconds(Int64(ahead[nextAhead])))
    nextAhead += 1
  }

  /// Draws stays from the present state on, which the chain enters now.
  private mutating func drawAhead() {
    let means = isBad ? (means.bad, means.good) : (means.good, means.bad)
    var span = ahead.mutableSpan
    span.withUnsafeMutableBufferPointer { stays.exponentials(means: means, into: $0) }
    nextAhead = 0
  }

  private mutating func stay(for stay: Nanoseconds) {
    end = end < Distribution.longestTime ? min(end + stay, epochEnd) : .never
  }

  private mutating func goOn(to time: Nanoseconds) {
    if time >= epochEnd { begin(Int((time - start).count / epoch.count)) }
    while end <= time {
      isBad.toggle()
      drawStay()
    }
  }

  mutating func loses(at time: Nanoseconds) -> Bool {
    goOn(to: time)
    return isBad ? Self.loses(&bad) : Self.loses(&good)
  }

  private static func loses(_ fates: inout Fates) -> Bool {
    if fates.passing > 0 {
      skip(1, of: &fates)
      return false
    }
    fates.goOn()
    return true
  }

  mutating func outlook(at time: Nanoseconds) -> LossOutlook {
    goOn(to: time)
    return isBad ? Self.outlook(of: bad, until: end) : Self.outlook(of: good, until: end)
  }

  private static func outlook(of fates: borrowing Fates, until end: Nanoseconds) -> LossOutlook {
    fates.passing > 0
      ? LossOutlook(frames: fates.passing, until: end)
      : LossOutlook(frames: fates.losesAll ? .max : 1, until: end, areLost: true)
  }

  mutating func skip(_ frames: UInt64) {
    if isBad { Self.skip(frames, of: &bad) } else { Self.skip(frames, of: &good) }
  }

  private static func skip(_ frames: UInt64, of fates: inout Fates) {
    guard fates.passing > 0 else { return fates.goOn() }
    precondition(frames <= fates.passing, "\(frames) packets are skipped of \(fates.passing)")
    if fates.passing != .max { fates.passing -= frames }
  }

  var lossIsInBurst: Bool { isBad }
}
