import BitCollections
import BlockTransfer
import Timebase

/// Devices that the frames of the group reach from one port: those of one segment, or the links of one cohort (N10).
///
/// The group's packets leave that port at the same times for all of them, so one log serves them.
@usableFromInline
struct Branch: Sendable {
  /// The index of the port in the tree; -1 for the uplink.
  @usableFromInline let node: Int
  /// The ports on the way from the uplink to it, without links.
  @usableFromInline let path: [Int]
  /// The latencies of the ports on the way up.
  @usableFromInline let distance: Nanoseconds
  /// Whether each device has a link, for which the port stands as long as it is in step; see `Run+Links.swift`.
  @usableFromInline let hasLinks: Bool
  @usableFromInline var log = MulticastLog()
  /// The last pass of which DATA reached the fan-out.
  @usableFromInline var openedPass: UInt32 = 0
  /// The devices whose paths have no jitter, in the order in which a packet reaches them.
  @usableFromInline var order: Range<Int> = 0..<0
  /// The devices whose paths have jitter, by index.
  @usableFromInline var withJitter: [Int] = []
  /// The device that a packet in the log reaches last; nil if every path has jitter.
  @usableFromInline var slowest: DeviceID?
  /// Devices whose links are out of step, by index.
  @usableFromInline var outOfStep = BitSet()
  /// Frames to single devices that found their links idle, since the last frame to the group came there.
  @usableFromInline var lone: ContiguousArray<LoneFrame> = []

  // What is foreseen of silences; see `Run+Silences.swift`.
  /// How far the silences of all its devices that follow the log are foreseen.
  @usableFromInline var foreseenByAll = 0
  /// The first packet of the log from which on packets left the port without a pause at every look.
  @usableFromInline var steadyFrom = Int.max
  /// The shortest time from one packet to the next when somebody looked last.
  @usableFromInline var knownDistance = Nanoseconds.never
  /// Who is foreseen less far is looked at; 0 for nobody.
  @usableFromInline var enoughForeseen = 0

  // The packet under way.
  /// When it leaves the port; never, if it does not.
  @usableFromInline var departure = Nanoseconds.never
  /// Its pattern of frames.
  @usableFromInline var frames: UInt32 = 0

  @usableFromInline
  init(node: Int, path: [Int], distance: Nanoseconds, hasLinks: Bool) {
    self.node = node
    self.path = path
    self.distance = distance
    self.hasLinks = hasLinks
  }

  /// The index of the last port that is no link; -1 for the uplink.
  @usableFromInline var segment: Int { path.last ?? -1 }

  /// Logs the packet under way, unless it is the first of its pass that reaches the fan-out.
  @inlinable
  mutating func logs(_ packet: MulticastRun) -> Bool {
    guard packet.pass <= openedPass else { return false }
    log.append(packet)
    (departure, frames) = (packet.departure, packet.frames)
    return true
  }

  /// Whether DATA of a pass is the first that reaches the fan-out.
  @inlinable
  mutating func opens(_ pass: UInt32) -> Bool {
    guard pass > openedPass else { return false }
    openedPass = pass
    return true
  }
}

/// The ports of a network and what is reached from each, before a run.
@usableFromInline
struct Layout {
  @usableFromInline var tree = PortTree()
  @usableFromInline var branches: ContiguousArray<Branch> = []
  /// The branch of each cohort, by index.
  @usableFromInline private(set) var branchOfCohort: [Int] = []

  @usableFromInline
  init(of network: NetworkConfiguration, draws: Draws) {
    let places = tree.addSegments(of: network, draws: draws)
    var branchOfNode: [Int: Int] = [:]
    for (index, cohort) in network.cohorts.enumerated() {
      let segment = cohort.segment.flatMap(network.segmentIndex).map { places[$0] } ?? -1
      let node = cohort.link.map { tree.addLinks($0, ofCohort: index, below: segment, draws: draws) } ?? segment
      if let branch = branchOfNode[node] {
        branchOfCohort.append(branch)
        continue
      }
      tree.use(node)
      branchOfNode[node] = branches.count
      branchOfCohort.append(branches.count)
      branches.append(
        Branch(
          node: node, path: tree.path(to: segment), distance: segment < 0 ? .zero : tree.nodes[segment].distance,
          hasLinks: cohort.link != nil))
    }
  }

  /// Whether no port is below the uplink.
  @usableFromInline var isPlain: Bool { tree.nodes.isEmpty }

  /// Sets in which order a packet reaches the devices; they are sorted by branch and latency.
  @usableFromInline
  mutating func setOrder(by paths: [(branch: Int, latency: Nanoseconds, device: DeviceID)]) {
    var start = 0
    for branch in branches.indices {
      var end = start
      while end < paths.count, paths[end].branch == branch { end += 1 }
      branches[branch].order = start..<end
      branches[branch].slowest = end > start ? paths[end - 1].device : nil
      start = end
    }
  }
}
