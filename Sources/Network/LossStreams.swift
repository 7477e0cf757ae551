import RandomStreams

/// The streams of one loss process. Each model of a list has its own (N13).
@usableFromInline
struct LossStreams: Sendable {
  /// What a stream is drawn for: when packets are lost, with which parameters, and the fates inside a state.
  private let process: Purpose
  private let parameter: Purpose
  private let fate: Purpose
  private var key: StreamKey
  /// The number of the model in its list, from 0.
  private var member: UInt8 = 0

  private init(
    _ process: Purpose, _ parameter: Purpose, _ fate: Purpose, seed: UInt64, replication: Int, device: UInt32
  ) {
    (self.process, self.parameter, self.fate) = (process, parameter, fate)
    key = StreamKey(
      seed: seed, replication: UInt32(truncatingIfNeeded: replication), device: device, purpose: process)
  }

  /// Of the way to a device.
  static func down(seed: UInt64, replication: Int, device: UInt32) -> LossStreams {
    LossStreams(
      .downLoss, .downLossParameters, .downLossFates, seed: seed, replication: replication, device: device)
  }

  /// Of the way from a device.
  static func up(seed: UInt64, replication: Int, device: UInt32) -> LossStreams {
    LossStreams(.upLoss, .upLossParameters, .upLossFates, seed: seed, replication: replication, device: device)
  }

  /// Of a place that several devices share: 0 is the one before the fan-out.
  static func shared(seed: UInt64, replication: Int, place: UInt32 = 0) -> LossStreams {
    LossStreams(
      .sharedLoss, .sharedLossParameters, .sharedLossFates, seed: seed, replication: replication, device: place)
  }

  /// Those of a model in a list. The first one draws what it would draw alone.
  func ofMember(_ index: Int) -> LossStreams {
    var streams = self
    streams.member = UInt8(index)
    return streams
  }

  /// When packets are lost, or the stays of a chain.
  var packets: RandomStream { stream(process, part: member) }
  /// The stays of a chain from an epoch on. Each epoch has 2²² blocks, eight times what it takes.
  func stays(ofEpoch epoch: Int) -> RandomStream { stream(process, part: member, block: UInt64(epoch) << 22) }
  /// The parameters of the law.
  var parameters: RandomStream { stream(parameter, part: member) }
  /// The fates of the packets inside one of two states. Each state has a stream: so it does not matter which of them is
  /// asked first.
  func fates(inBad: Bool) -> RandomStream { stream(fate, part: 2 * member + (inBad ? 1 : 0)) }

  private func stream(_ purpose: Purpose, part: UInt8, block: UInt64 = 0) -> RandomStream {
    var key = key
    key.purpose = purpose
    key.part = part
    return RandomStream(key, block: block)
  }
}
