import RandomStreams

/// A law of loss with its parameters.
package enum LossLaw: Hashable, Sendable {
  /// Each packet is lost with one probability.
  case bernoulli(p: Double)
  /// A hidden chain that steps with each packet.
  case packets(ChainByPackets)
  /// A hidden chain that goes by time.
  case time(ChainInTime)
  /// Runs of independent lengths.
  case runs(RunsLaw)

  /// The share of packets that it loses.
  package var lossShare: Double {
    switch self {
    case .bernoulli(let p): p
    case .packets(let chain): chain.lossShare
    case .time(let chain): chain.lossShare
    case .runs(let runs): runs.lossShare
    }
  }

  /// The logarithm of the probability of the data.
  package func logLikelihood(of data: LossData) -> Double {
    switch self {
    case .bernoulli(let p): BernoulliFit.logLikelihood(p, of: data)
    case .packets(let chain): chain.logLikelihood(of: data)
    case .time(let chain): chain.logLikelihood(of: data)
    case .runs(let runs): runs.logLikelihood(of: data)
    }
  }

  /// A sequence of packets drawn from the law.
  ///
  /// - Parameter times: the instants of the packets in seconds, for a law that goes by time; or empty.
  package func draw(packets: Int, times: [Double] = [], from stream: inout RandomStream) -> LossSequence {
    var prediction = LossPrediction(self)
    var sequence = LossSequence()
    for index in 0..<packets {
      let passed = index == 0 || times.isEmpty ? 0 : times[index] - times[index - 1]
      let loss = prediction.next(after: passed)
      let isLost = Double(stream.uniform(upTo: 1 << 53 - 1)) < loss * 0x1p53
      prediction.observe(isLost)
      sequence.append(isLost: isLost, count: 1)
    }
    sequence.times = times
    return sequence
  }
}
