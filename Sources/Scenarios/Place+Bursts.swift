import Glibc
import Network
import Quantities
import RandomStreams
import Timebase
import Runs

// A chain that goes by packets stands still while nobody sends. So a burst that takes a packet meets the repeats too, a
// timeout later, which no channel does that changes by itself. That is said where it fails devices (N13).

/// Gilbert's and Elliott's chain by packets, with the means of what is drawn.
struct PacketChain: Sendable {
  let leavesGood: Double
  let leavesBad: Double
  let lossInGood: Double
  let lossInBad: Double
  /// Whether it is written as the share and the length of its bursts.
  let isOfBursts: Bool

  /// Nil for another model, and for a chain that does not move.
  init?(_ model: LossModel) {
    switch model {
    case .gilbertElliott(let p, let r, let k, let h):
      (leavesGood, leavesBad) = (p.mean, r.mean)
      (lossInGood, lossInBad) = (1 - k.mean, 1 - h.mean)
      isOfBursts = false
    case .bursts(let loss, .packets(let packets)) where (0..<1).contains(loss.mean):
      leavesBad = 1 / packets
      leavesGood = min(1, leavesBad * loss.mean / (1 - loss.mean))
      (lossInGood, lossInBad) = (0, 1)
      isOfBursts = true
    default: return nil
    }
    guard leavesGood > 0, leavesBad > 0 else { return nil }
  }

  /// The share of packets that it takes.
  var share: Double { (leavesBad * lossInGood + leavesGood * lossInBad) / (leavesGood + leavesBad) }

  /// The probability that the next packets are all lost, after one was lost.
  func probability(ofLosing packets: Int) -> Double {
    var (good, bad) = (leavesBad * lossInGood, leavesGood * lossInBad)
    guard good + bad > 0 else { return 0 }
    (good, bad) = (good / (good + bad), bad / (good + bad))
    for _ in 0..<packets {
      (good, bad) = (
        (good * (1 - leavesGood) + bad * leavesBad) * lossInGood,
        (good * leavesGood + bad * (1 - leavesBad)) * lossInBad
      )
      if good + bad < 1e-12 { return 0 }
    }
    return good + bad
  }

  /// The mean stays of the chain by time that, looked at every `step`, is this chain. If there is none, of one that is
  /// nearly it.
  func stays(every step: Double) -> (good: Double, bad: Double) {
    let sum = leavesGood + leavesBad
    let perStep = sum < 1 ? -log(1 - sum) / sum : 1
    return (step / (leavesGood * perStep), step / (leavesBad * perStep))
  }
}

/// A request of a device, which it gives up if all of its repeats are lost, or the answers to them.
private struct Request {
  enum Asker {
    /// Each loss may be the one.
    case anyDevice, smartDevice
    /// It asks once.
    case joiningDevice
  }

  /// The packets of all repeats.
  let repeats: Int
  let asker: Asker

  /// What happens with this probability.
  func words(_ probability: String) -> String {
    let packets = repeats == 1 ? "its repeat is" : "the \(repeats) packets of its repeats are"
    return switch asker {
    case .anyDevice: "once a packet is lost, \(packets) all lost too with \(probability), and the device gives up"
    case .smartDevice:
      "once a packet to a smart device is lost, \(packets) all lost too with \(probability), and the device gives up"
    case .joiningDevice:
      "the answer to a device that joins is lost with all of its repeats with \(probability), and the device gives up"
    }
  }
}

extension Place {
  /// The least probability to speak of.
  private static let leastDoubt = 0.01

  /// Warns where the loss of a cohort makes its devices give up because a burst waits for them.
  func checkBursts(of cohort: Cohort, _ network: SimulationConfiguration, _ ways: NetworkWays) {
    checkStays(of: cohort.downLoss, key("loss"), frame: network.frame)
    guard network.hasRepeats else { return }
    let (retries, window) = (network.parameters.retries, network.blocksOfAWindow)
    var requests = [Request(repeats: retries * window, asker: .anyDevice)]
    // The window of a smart device may be smaller, and a device that joins is sent one packet.
    if network.promotes(devicesOf: cohort), network.blocksOfASmartWindow < window {
      requests.append(Request(repeats: retries * network.blocksOfASmartWindow, asker: .smartDevice))
    }
    if window > 1 { requests.append(Request(repeats: retries, asker: .joiningDevice)) }
    checkBursts(of: cohort.downLoss, key("loss"), requests, every: network.pace(of: cohort, ways))
    checkBursts(
      of: cohort.upLoss, key("upstream_loss"), [Request(repeats: retries, asker: .anyDevice)],
      every: network.round(of: cohort, ways))
  }

  /// Warns where the loss before a fan-out does that: here, of a segment or of all multicast. The devices behind it are as
  /// fast as this cohort's.
  ///
  /// - Parameter meetsRequests: whether packets on their way up meet it too, alone (N10).
  func checkBursts(
    of model: LossModel, before cohort: Cohort, meetsRequests: Bool, _ network: SimulationConfiguration,
    _ ways: NetworkWays
  ) {
    checkStays(of: model, self, frame: network.frame)
    guard network.hasRepeats else { return }
    let (retries, window) = (network.parameters.retries, network.blocksOfAWindow)
    // What a smart device or one that joins is sent passes a segment like its requests, and no loss of the group's packets.
    checkBursts(
      of: model, self, [Request(repeats: meetsRequests ? retries : retries * window, asker: .anyDevice)],
      every: meetsRequests ? network.round(of: cohort, ways) : network.pace(of: cohort, ways))
  }

  /// Warns where bursts by time are shorter than a frame.
  private func checkStays(of model: LossModel, _ place: Place, frame: Double) {
    let models = if case .anyOf(let models) = model { models } else { [model] }
    for burst in models.compactMap(\.meanBurst) where burst < frame {
      place.warn(
        place.reader.origin(of: place.path),
        "a burst lasts \(burst.shortTime) on average, less than the \(frame.shortTime) that a frame of DATA takes on the"
          + " uplink: hardly two packets meet the same burst, so that it is like 'bernoulli'")
    }
  }

  /// Warns of the first of these requests that a burst makes devices give up.
  private func checkBursts(of model: LossModel, _ place: Place, _ requests: [Request], every step: Double) {
    let models = if case .anyOf(let models) = model { models } else { [model] }
    for chain in models.compactMap({ PacketChain($0) }) {
      let doubts = requests.lazy.compactMap { request in doubt(of: request, chain).map { (request, $0) } }
      guard let (request, probability) = doubts.first else { continue }
      place.warn(
        place.reader.origin(of: place.path), Self.advice(chain, request.words(probability.shortPercent), every: step))
    }
  }

  /// The probability that a burst makes a device give up a request, if it is worth a word.
  private func doubt(of request: Request, _ chain: PacketChain) -> Double? {
    let probability = chain.probability(ofLosing: request.repeats)
    // Packets that are lost independently are no burst.
    guard probability > 10 * pow(chain.share, Double(request.repeats)) else { return nil }
    let doubt = request.asker == .joiningDevice ? chain.share * probability : probability
    return doubt >= Self.leastDoubt ? doubt : nil
  }

  private static func advice(_ chain: PacketChain, _ what: String, every step: Double) -> String {
    let stays = chain.stays(every: step)
    var keys = ["good: \(stays.good.shortTime)", "bad: \(stays.bad.shortTime)"]
    if chain.isOfBursts {
      keys = ["loss: \(chain.share.shortPercent)", "burst: \(stays.bad.shortTime)"]
    } else {
      if chain.lossInGood > 0 { keys.append("loss_good: \(chain.lossInGood.shortPercent)") }
      if chain.lossInBad < 1 { keys.append("loss_bad: \(chain.lossInBad.shortPercent)") }
    }
    return
      "the chain goes by packets, so that a burst waits while nobody sends: \(what); a channel that changes by itself, at"
      + " the pace of this scenario, is gilbert_elliott: {\(keys.joined(separator: ", "))}"
  }
}

extension LossModel {
  /// The mean burst of a chain by time, in seconds.
  fileprivate var meanBurst: Double? {
    switch self {
    case .gilbertElliottInTime(_, let bad, _, _): bad.mean
    case .bursts(_, .time(let length)): length.mean
    default: nil
    }
  }
}

extension ProbabilityModel {
  fileprivate var mean: Double {
    switch self {
    case .constant(let value): value
    case .drawn(let distribution): min(max(distribution.mean, 0), 1)
    }
  }
}

extension Double {
  /// Three digits are enough for advice.
  private var threeDigits: Double {
    guard self > 0, isFinite else { return 0 }
    let scale = pow(10, 2 - floor(log10(self)))
    return (self * scale).rounded() / scale
  }

  /// A number of seconds as a person writes it, of at least the least stay.
  fileprivate var shortTime: String {
    let seconds = max(self, 1e-5)
    return seconds < 1e-3
      ? "\((seconds * 1e6).threeDigits.shortest) us"
      : seconds < 1 ? "\((seconds * 1e3).threeDigits.shortest) ms" : "\(seconds.threeDigits.shortest) s"
  }

  fileprivate var shortPercent: String { "\((self * 100).threeDigits.shortest) %" }
}
