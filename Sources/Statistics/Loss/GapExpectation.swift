import Glibc

/// A hidden chain, and how the frames of a file come to it: window after window, each frame once.
package struct PacedChain: Sendable {
  package let chain: any HiddenChain
  /// From one frame of a window to the next, in seconds.
  package let frameTime: Double
  /// From the last frame of a window to the first of the next one, in seconds.
  package let pause: Double

  /// - Parameters: the times matter only to a chain that goes by time.
  package init(_ chain: any HiddenChain, frameTime: Double = 0, pause: Double = 0) {
    (self.chain, self.frameTime, self.pause) = (chain, frameTime, pause)
  }

  /// The probabilities from state to state, good before bad, from one frame to the next.
  fileprivate func steps(atPause: Bool) -> [[Double]] {
    let forgotten = 1 - chain.memory(after: atPause ? pause : frameTime)
    let (toBad, toGood) = (chain.badShare * forgotten, (1 - chain.badShare) * forgotten)
    return [[1 - toBad, toBad], [toGood, 1 - toGood]]
  }
}

/// The gaps that a loss leaves in a file of which each block is sent once: how many of each length are to be expected.
///
/// A gap is a run of lost blocks, so its length is that of a visit of a chain to loss. Of chains in a row, each with its
/// own state, a frame is lost if one of them takes it, and a block with any of its frames.
package struct GapExpectation: Sendable {
  /// From state to state, of all chains together, after a block with a fate.
  private struct Fates {
    var passed: [[Double]]
    var lost: [[Double]]
    /// The probability to pass, by the state before it.
    var pass: [Double] { passed.map { $0.reduce(0, +) } }
  }

  /// The share of the states of all chains together.
  private let stationary: [Double]
  /// A block with another one of its window behind it.
  private let inner: Fates
  /// The last block of a window.
  private let last: Fates
  /// The blocks of a window; 1 if they are all alike.
  private let window: Int

  /// Below this many gaps of a length no longer ones are counted.
  private static let least = 1e-9

  /// - Parameters:
  ///   - chains: at most eight. One that never loses changes nothing.
  ///   - frames: the frames of a block.
  ///   - window: the blocks of a window.
  package init(_ chains: [PacedChain], frames: Int = 1, window: Int = 1) {
    precondition(chains.count <= 8 && frames > 0 && window > 0)
    var (stationary, loss) = ([1.0], [0.0])
    var (steps, pauses) = ([[1.0]], [[1.0]])
    for paced in chains {
      let chain = paced.chain
      let shares = [1 - chain.badShare, chain.badShare]
      let losses = [chain.lossInGood, chain.lossInBad]
      // A chain that cannot be told apart from a single state is one.
      let states = losses[0] == losses[1] || shares[1] == 0 ? [0] : shares[0] == 0 ? [1] : [0, 1]
      let isSingle = states.count == 1
      func times(_ rows: [[Double]], _ own: [[Double]]) -> [[Double]] {
        rows.flatMap { row in
          states.map { from in row.flatMap { step in states.map { step * (isSingle ? 1 : own[from][$0]) } } }
        }
      }
      steps = times(steps, paced.steps(atPause: false))
      pauses = times(pauses, paced.steps(atPause: true))
      stationary = stationary.flatMap { share in states.map { share * (isSingle ? 1 : shares[$0]) } }
      loss = loss.flatMap { lost in states.map { 1 - (1 - lost) * (1 - losses[$0]) } }
    }
    self.stationary = stationary
    let within = [[[Double]]](repeating: steps, count: frames - 1)
    inner = Self.fates(loss, within + [steps])
    last = Self.fates(loss, within + [pauses])
    self.window = steps == pauses ? 1 : window
  }

  package init(_ chains: [ChainByPackets]) { self.init(chains.map { PacedChain($0) }) }

  /// What a block does whose frames are followed by these steps.
  private static func fates(_ loss: [Double], _ steps: [[[Double]]]) -> Fates {
    let states = loss.indices
    var fates = Fates(passed: states.map { at in states.map { $0 == at ? 1 : 0 } }, lost: [])
    fates.lost = fates.passed.map { $0.map { _ in 0 } }
    for step in steps {
      func after(_ row: [Double], _ fate: (Double) -> Double) -> [Double] {
        states.map { to in states.reduce(0) { $0 + row[$1] * fate(loss[$1]) * step[$1][to] } }
      }
      for from in states {
        let (before, lost) = (fates.passed[from], fates.lost[from])
        fates.lost[from] = zip(after(lost) { _ in 1 }, after(before) { $0 }).map(+)
        fates.passed[from] = after(before) { 1 - $0 }
      }
    }
    return fates
  }

  /// How many gaps of 1, 2, … blocks there are to be expected in a file of `blocks`, up to the longest that counts or to
  /// `longest`. Complexity: `longest` × `window` × the square of the states.
  package func gaps(in blocks: Int, upTo longest: Int) -> [Double] {
    guard blocks > 0 else { return [] }
    let pass = (inner: inner.pass, last: last.pass)
    func isLast(_ block: Int) -> Bool { block % window == window - 1 }
    func lost(_ states: [Double], _ block: Int) -> [Double] { step(states, (isLast(block) ? last : inner).lost) }
    func passing(_ states: [Double], _ block: Int) -> Double { product(states, isLast(block) ? pass.last : pass.inner) }
    // The states before the next block: after k that were lost from the first one on; and by the place in its window of
    // the first lost one, after a block that passed and k that were lost.
    var first = stationary
    var inside = (0..<min(window, blocks)).map {
      step(stationary, (isLast($0 + window - 1) ? last : inner).passed)
    }
    var gaps: [Double] = []
    for length in 1...max(1, min(longest, blocks)) {
      first = lost(first, length - 1)
      for place in inside.indices { inside[place] = lost(inside[place], place + length - 1) }
      if length == blocks {
        gaps.append(first.reduce(0, +))
        break
      }
      let atEnd = inside[(blocks - length) % window].reduce(0, +)
      let starts = blocks - length - 1
      gaps.append(
        inside.indices.reduce(passing(first, length) + atEnd) { sum, place in
          sum + Double(count(of: place, upTo: starts)) * passing(inside[place], place + length)
        })
      // So many gaps are at least as long.
      let most = inside.map { $0.reduce(0, +) }.max() ?? 0
      guard Double(blocks) * most + first.reduce(0, +) > Self.least else { break }
    }
    return gaps
  }

  /// How many of the blocks 1 … `end`, counted from 0, have a place in their window.
  private func count(of place: Int, upTo end: Int) -> Int {
    guard end >= max(1, place) else { return 0 }
    return (end - place) / window + (place == 0 ? 0 : 1)
  }

  private func step(_ states: [Double], _ matrix: [[Double]]) -> [Double] {
    var next = [Double](repeating: 0, count: states.count)
    for from in states.indices {
      for to in next.indices { next[to] += states[from] * matrix[from][to] }
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
