/// Sequences of losses that are taken for one law, and what fits of many laws need of them.
package struct LossData: Sendable {
  /// The sequences, none of them empty. Each is the beginning of its own process.
  package let sequences: [LossSequence]
  /// All packets.
  package let packets: Int
  /// All lost packets.
  package let lost: Int
  /// The runs of lost packets.
  package let lostRuns: Int
  /// How many packets with this fate have a successor in their sequence, and how many of these have one of the other
  /// fate.
  package let received: (followed: Int, left: Int)
  package let losses: (followed: Int, left: Int)
  /// The lengths of received and of lost runs, each once, ascending.
  let lengths: (received: [Int], lost: [Int])
  /// For each sequence, its runs as positions in `lengths.received`, followed by `lengths.lost`.
  let positions: [[Int32]]
  /// How often runs of each length occur that are whole, by ascending length: the first and the last run of a sequence
  /// are cut off.
  package let wholeRuns: (received: [LengthCount], lost: [LengthCount])
  /// Whether the instants of all packets are known, and differ.
  package let hasTimes: Bool
  /// What a chain in time needs; empty without times.
  let steps: TimedSteps

  /// Takes sequences together; empty ones count for nothing.
  package init(_ sequences: [LossSequence]) {
    let sequences = sequences.filter { $0.packets > 0 }
    self.sequences = sequences
    packets = sequences.reduce(0) { $0 + $1.packets }
    lost = sequences.reduce(0) { $0 + $1.lost }
    hasTimes =
      !sequences.isEmpty
      && sequences.allSatisfy { $0.times.count == $0.packets }
      && sequences.contains { ($0.times.last ?? 0) > ($0.times.first ?? 0) }
    steps = hasTimes ? TimedSteps(sequences) : TimedSteps([])
    var seen: (received: Set<Int>, lost: Set<Int>) = ([], [])
    var runs = (received: 0, lost: 0)
    for sequence in sequences {
      for (index, length) in sequence.runs.enumerated() {
        if sequence.isLost(run: index) {
          seen.lost.insert(length)
          runs.lost += 1
        } else {
          seen.received.insert(length)
          runs.received += 1
        }
      }
    }
    let lastLost = sequences.count { $0.endsLost }
    let lastReceived = sequences.count - lastLost
    lostRuns = runs.lost
    received = (packets - lost - lastReceived, runs.received - lastReceived)
    losses = (lost - lastLost, runs.lost - lastLost)
    let lengths = (received: seen.received.sorted(), lost: seen.lost.sorted())
    self.lengths = lengths
    let places = (
      received: Self.places(of: lengths.received, from: 0),
      lost: Self.places(of: lengths.lost, from: lengths.received.count)
    )
    wholeRuns = (Self.wholeRuns(of: sequences, lost: false), Self.wholeRuns(of: sequences, lost: true))
    positions = sequences.map { sequence in
      sequence.runs.enumerated().map { index, length in
        (sequence.isLost(run: index) ? places.lost[length] : places.received[length]) ?? 0
      }
    }
  }

  private static func places(of lengths: [Int], from start: Int) -> [Int: Int32] {
    Dictionary(uniqueKeysWithValues: lengths.enumerated().map { ($1, Int32(start + $0)) })
  }

  /// The share of packets that were lost.
  package var lossShare: Double { packets == 0 ? 0 : Double(lost) / Double(packets) }

  private static func wholeRuns(of sequences: [LossSequence], lost: Bool) -> [LengthCount] {
    var counts: [Int: Int] = [:]
    for sequence in sequences {
      for (index, length) in sequence.runs.enumerated().dropFirst().dropLast()
      where sequence.isLost(run: index) == lost {
        counts[length, default: 0] += 1
      }
    }
    return counts.map { LengthCount(length: $0.key, count: $0.value) }.sorted { $0.length < $1.length }
  }
}

/// How many runs have a length.
package struct LengthCount: Hashable, Sendable {
  package let length: Int
  package let count: Int
}
