import Glibc

/// The gaps that a loss leaves in a file of which each block is sent once: how many of each length are to be expected.
///
/// A gap is a run of lost packets, so its length is that of a visit of a chain to loss. Of chains in a row, each with its
/// own state, a packet is lost if one of them takes it.
package struct GapExpectation: Sendable {
  /// The share of the states of all chains together before a packet.
  private let stationary: [Double]
  /// From state to state, after a packet.
  private let transitions: [[Double]]
  /// The probability of loss in each state.
  private let loss: [Double]

  /// Below this many gaps of a length no longer ones are counted.
  private static let least = 1e-9

  /// - Parameter chains: at most eight. One that never loses changes nothing.
  package init(_ chains: [ChainByPackets]) {
    precondition(chains.count <= 8)
    var (stationary, transitions, loss) = ([1.0], [[1.0]], [0.0])
    for chain in chains {
      let shares = [1 - chain.badShare, chain.badShare]
      let steps = [[1 - chain.p, chain.p], [chain.r, 1 - chain.r]]
      let losses = [chain.lossInGood, chain.lossInBad]
      // A chain that cannot be told apart from a single state is one.
      let states = losses[0] == losses[1] || shares[1] == 0 ? [0] : shares[0] == 0 ? [1] : [0, 1]
      let isSingle = states.count == 1
      (stationary, transitions, loss) = (
        stationary.flatMap { share in states.map { share * (isSingle ? 1 : shares[$0]) } },
        transitions.flatMap { row in
          states.map { from in row.flatMap { step in states.map { step * (isSingle ? 1 : steps[from][$0]) } } }
        },
        loss.flatMap { lost in states.map { 1 - (1 - lost) * (1 - losses[$0]) } }
      )
    }
    (self.stationary, self.transitions, self.loss) = (stationary, transitions, loss)
  }

  /// How many gaps of 1, 2, … blocks there are to be expected in a file of `blocks`, up to the longest that counts or to
  /// `longest`.
  package func gaps(in blocks: Int, upTo longest: Int) -> [Double] {
    guard blocks > 0 else { return [] }
    let pass = loss.map { 1 - $0 }
    // The states before the next packet: after a packet that passed and k that were lost; and after k at the beginning.
    var inside = step(stationary, pass)
    var first = stationary
    var gaps: [Double] = []
    for length in 1...max(1, min(longest, blocks)) {
      let before = (inside: inside, first: first)
      (inside, first) = (step(inside, loss), step(first, loss))
      if length == blocks {
        gaps.append(product(before.first, loss))
        break
      }
      let within = Double(max(0, blocks - length - 1)) * product(inside, pass)
      let expected = within + product(first, pass) + product(before.inside, loss)
      gaps.append(expected)
      // So many gaps are at least as long.
      guard Double(blocks) * inside.reduce(0, +) + first.reduce(0, +) > Self.least else { break }
    }
    return gaps
  }

  /// The states after a packet that had this fate with these probabilities.
  private func step(_ states: [Double], _ fate: [Double]) -> [Double] {
    var next = [Double](repeating: 0, count: states.count)
    for from in states.indices {
      let weight = states[from] * fate[from]
      for to in next.indices { next[to] += weight * transitions[from][to] }
    }
    return next
  }

  private func product(_ states: [Double], _ fate: [Double]) -> Double {
    zip(states, fate).reduce(0) { $0 + $1.0 * $1.1 }
  }
}

extension RunsLaw {
  /// How many gaps of 1, 2, … blocks there are to be expected in a file of `blocks`, up to `longest`: by the mean number
  /// of runs, so that the last run, which the end of the file may cut, counts as a whole one.
  package func gaps(in blocks: Int, upTo longest: Int) -> [Double] {
    let runs = Double(blocks) / (received.mean + lost.mean)
    return (1...max(1, min(longest, blocks))).map { runs * Glibc.exp(lost.logMass($0)) }
  }
}
