import Network
import Runs
import Timebase

/// What the ports on the ways to devices come to.
///
/// It is made for a scenario that may still be wrong: a segment may name one above it that does not exist, or stand below
/// itself.
package struct NetworkWays {
  /// What lies above the devices of a segment.
  private struct Way {
    var slowest: UInt64
    var latency: Int128 = 0
    /// The segment with the most latency; nil if none has any.
    var laggard: (name: String, latency: Nanoseconds)?
  }

  private let uplink: Way
  /// Whether the file goes to each device alone.
  private let isUnicast: Bool
  private let named: [String: Segment]
  private var segments: [String: Way] = [:]
  /// The first cohort that is on a segment or below it; nil if none is.
  private(set) var firstBelow: [String: Cohort] = [:]

  package init(_ configuration: SimulationConfiguration) {
    let network = configuration.network
    isUnicast = configuration.strategy == .unicast
    uplink = Way(slowest: network.uplinkBitsPerSecond)
    named = Dictionary(network.segments.map { ($0.name, $0) }) { first, _ in first }
    for segment in network.segments {
      var way = uplink
      var here: Segment? = segment
      for _ in network.segments {
        guard let port = here else { break }
        way.slowest = min(way.slowest, port.bitsPerSecond(isUnicast: isUnicast))
        way.latency += Int128(port.latency.count)
        if port.latency > way.laggard?.latency ?? .zero { way.laggard = (port.name, port.latency) }
        here = port.parent.flatMap { named[$0] }
      }
      segments[segment.name] = way
    }
    for cohort in network.cohorts {
      var above = cohort.segment
      while let name = above, let segment = named[name], firstBelow[name] == nil {
        firstBelow[name] = cohort
        above = segment.parent
      }
    }
  }

  /// The segments from the uplink down to one, that included. It ends where a parent does not exist.
  package func segments(downTo name: String?) -> [Segment] {
    var ways: [Segment] = []
    var name = name
    while let segment = name.flatMap({ named[$0] }), ways.count < named.count {
      ways.append(segment)
      name = segment.parent
    }
    return ways.reversed()
  }

  /// The names of the segments that lie above some cohorts.
  func segments(above cohorts: [Cohort]) -> Set<String> {
    var names: Set<String> = []
    for cohort in cohorts {
      var above = cohort.segment
      while let name = above, let segment = named[name], names.insert(name).inserted { above = segment.parent }
    }
    return names
  }

  private func way(to cohort: Cohort) -> Way { cohort.segment.flatMap { segments[$0] } ?? uplink }

  /// The rate of the slowest port that the file passes on its way to a device, in bits per second.
  func slowestPort(to cohort: Cohort) -> UInt64 {
    min(way(to: cohort).slowest, cohort.link?.bitsPerSecond ?? .max)
  }

  /// The rates of all ports that the file passes on its way to a device, from the uplink down, in bits per second.
  func rates(to cohort: Cohort) -> [UInt64] { rates(to: cohort, isUnicast: isUnicast) }

  /// The same of what is sent to a group, or to a device.
  package func rates(to cohort: Cohort, isUnicast: Bool) -> [UInt64] {
    let segments = segments(downTo: cohort.segment).map { $0.bitsPerSecond(isUnicast: isUnicast) }
    return [uplink.slowest] + segments + (cohort.link.map { [$0.bitsPerSecond] } ?? [])
  }

  /// The latencies of the segments on the way to a device, in nanoseconds (N10).
  func latency(to cohort: Cohort) -> Int128 { way(to: cohort).latency }

  /// Whether a segment on that way lets nothing pass.
  func loseEverything(of cohort: Cohort) -> Bool {
    segments(downTo: cohort.segment).contains(where: \.loss.takesEverything)
  }

  /// The segment on that way with the most latency; nil if none has any.
  func laggard(to cohort: Cohort) -> String? { way(to: cohort).laggard?.name }
}

extension Segment {
  /// The rate of what is sent to a device, or else to a group (N10), in bits per second.
  func bitsPerSecond(isUnicast: Bool) -> UInt64 {
    isUnicast ? bitsPerSecond : multicastBitsPerSecond ?? bitsPerSecond
  }
}
