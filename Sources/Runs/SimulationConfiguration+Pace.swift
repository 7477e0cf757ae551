extension SimulationConfiguration {
  /// How fast a paced sender sends, in bits on the wire per second (`pace`).
  ///
  /// Without a pace it is as fast as the slowest port on the way to a device, and the slowest device. A person would set
  /// no faster one: a queue that overflows in each round can drop the same packets in each.
  package var pace: UInt64 {
    if let pace = rivals.pace { return pace }
    return network.cohorts.indices.reduce(network.uplinkBitsPerSecond) { slowest, cohort in
      let below = network.segments.indices.filter { network.isCohort(cohort, below: $0) }
        .map { network.segments[$0].multicastBitsPerSecond ?? network.segments[$0].bitsPerSecond }
      let own = [network.cohorts[cohort].link?.bitsPerSecond, network.cohorts[cohort].receiver?.bitsPerSecond]
      return (below + own.compactMap(\.self)).reduce(slowest, min)
    }
  }
}
