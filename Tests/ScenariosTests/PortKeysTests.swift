import Network
import PromotionRun
import Runs
import TestSupport
import Testing

@testable import Scenarios

/// The keys of segments, links and receivers (N10–N12).
@Suite struct PortKeysTests {
  private static let text = """
    file: {size: 1 MiB}
    server: {mtu: 9000 B}
    segments:
      trunk: {rate: 10 Gbit/s, latency: 5 us}
      floor-2: {parent: trunk, rate: 100 Mbit/s, multicast_rate: 6 Mbit/s, queue: 200, loss: {bernoulli: 1 %}}
    cohorts:
      - {name: wifi, count: 2, segment: floor-2, receiver: {rate: 300 Mbit/s, buffer: 256 KiB}}
      - {name: desks, count: 3, link: {rate: 100 Mbit/s, queue: 100}}
    """

  private func network(_ overrides: String...) throws -> NetworkConfiguration {
    try Scenario.parse(text: Self.text, file: "ports.yaml", overrides: overrides).scenario.network.network
  }

  @Test func everyKeyIsRead() throws {
    let network = try network()
    var (trunk, floor) = (Segment(name: "trunk"), Segment(name: "floor-2"))
    (trunk.bitsPerSecond, trunk.latency) = (10_000_000_000, .microseconds(5))
    (floor.parent, floor.bitsPerSecond, floor.multicastBitsPerSecond) = ("trunk", 100_000_000, 6_000_000)
    (floor.queue, floor.loss) = (200, .bernoulli(p: .constant(0.01)))
    expect(network.segments, equals: [trunk, floor])
    expect(network.mtu, equals: 9000)
    expect(network.cohorts.map(\.segment), equals: ["floor-2", nil])
    expect(network.cohorts[0].receiver, equals: ReceiverBuffer(bitsPerSecond: 300_000_000, bytes: 262_144))
    expect(network.cohorts.map(\.link), equals: [nil, Link(bitsPerSecond: 100_000_000, queue: 100)])
    #expect(network.isCohort(0, below: 0) && network.isCohort(0, below: 1) && !network.isCohort(1, below: 0))
  }

  @Test func overridesGoToSegmentsByName() throws {
    try expect(network("segments.floor-2.rate=1 Gbit/s").segments[1].bitsPerSecond, equals: 1_000_000_000)
    try expect(network("segments.trunk.queue=7").segments[0].queue, equals: 7)
    try expect(network("segments.floor-2.loss.bernoulli=2 %").segments[1].loss, equals: .bernoulli(p: .constant(0.02)))
    try expect(
      network("cohorts[wifi].receiver.rate=1 Gbit/s").cohorts[0].receiver?.bitsPerSecond, equals: 1_000_000_000)
    try expect(network("cohorts[desks].link.queue=none").cohorts[1].link, equals: Link(bitsPerSecond: 100_000_000))
    try expect(network("server.mtu=1500 B").mtu, equals: 1500)
  }

  @Test(arguments: [
    "segments.floor-2.rate: [10 Mbit/s, 1 Gbit/s]", "'cohorts[wifi].receiver.rate': [100 Mbit/s, 1 Gbit/s]",
    "'cohorts[0].segment': [trunk, floor-2]", "server.mtu: [1500 B, 9000 B]",
  ])
  func aSweepVariesThem(key: String) throws {
    let scenario = try Scenario.parse(text: Self.text + "\nsweep: {vary: {\(key)}}\n", file: "ports.yaml").scenario
    let canonical = scenario.canonicalYAML()
    try expect(Scenario.parse(text: canonical, file: "again.yaml").scenario, equals: scenario)
  }

  @Test func segmentsAreNamedInBracketsToo() throws {
    let text = """
      file: {size: 1 KiB}
      segments: {"floor 2": {}, "3": {}}
      cohorts: [{segment: floor 2}, {segment: "3"}]
      """
    func rates(_ override: String) throws -> [UInt64] {
      try Scenario.parse(text: text, file: "ports.yaml", overrides: [override]).scenario.network.network.segments
        .map(\.bitsPerSecond)
    }
    try expect(rates("segments[floor 2].rate=1 Mbit/s"), equals: [1_000_000, 1_000_000_000])
    try expect(rates("segments[3].rate=1 Mbit/s"), equals: [1_000_000_000, 1_000_000])
    try expect(rates("segments[*].rate=1 Mbit/s"), equals: [1_000_000, 1_000_000])
  }

  /// An override of one of its keys does not make a segment that nobody is on.
  @Test(arguments: ["segments.flor-2.rate=1 Gbit/s", "segments[flor-2].rate=1 Gbit/s"])
  func aMisspeltSegmentIsAnError(override: String) throws {
    let error = try #require(throws: ScenarioError.self) { try network(override) }
    expect(error.diagnostics[0].suggestion, equals: "floor-2")
    #expect(error.diagnostics[0].message.contains("there are: trunk, floor-2"))
  }

  @Test func aSegmentIsAddedAsAWhole() throws {
    try expect(network("segments.attic={rate: 1 Mbit/s}").segments.map(\.name), equals: ["trunk", "floor-2", "attic"])
  }

  /// What need not be there may be taken away.
  @Test func noneAndTheUplinkAreWords() throws {
    try expect(network("cohorts[desks].link=none").cohorts[1].link, equals: nil)
    try expect(network("cohorts[wifi].receiver=none").cohorts[0].receiver, equals: nil)
    try expect(network("cohorts[wifi].segment=uplink").cohorts[0].segment, equals: nil)
    try expect(network("segments.floor-2.parent=uplink").segments[1].parent, equals: nil)
    let text = "file: {size: 1 KiB}\nsegments: none\ncohorts: [{}]\n"
    try expect(Scenario.parse(text: text, file: "ports.yaml").scenario.network.network.segments, equals: [])
  }

  @Test func aSegmentThatAnOverrideMisspellsIsNamed() throws {
    let error = try #require(throws: ScenarioError.self) { try network("segments.flor-2.rat=1 Gbit/s") }
    #expect(error.diagnostics.map(\.description).joined().contains("rate"))
  }

  @Test func namesOfSegmentsAreCheckedLikeOtherNames() throws {
    for name in ["'=1+1'", "\"a\\u202E\""] {
      let text = "file: {size: 1 KiB}\nsegments: {\(name): {}}\ncohorts: [{segment: \(name)}]\n"
      #expect(throws: ScenarioError.self) { try Scenario.parse(text: text, file: "ports.yaml") }
    }
  }
}
