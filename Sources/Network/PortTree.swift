import Timebase

/// The ports below the uplink (N10): segments, and one for the links of each cohort that has links.
///
/// The order of frames at a port is that in which they left the port above, so it is the uplink's order. So all that a
/// frame meets on its way down is worked out when it is offered to the uplink, port by port, in the order of the tree.
///
/// **Links.** Each device of a cohort with links has a port of its own, and as long as only frames to the group pass, all
/// of them do the same. One port, the *twin*, stands for them all. A device whose link carried a frame to it alone has
/// a link of its own until both are idle when the next frame to the group comes; see `Run+Links.swift`.
@usableFromInline
struct PortTree: Sendable {
  /// What a port stands for.
  @usableFromInline
  enum Kind: Hashable, Sendable {
    /// A segment, by its index in the configuration.
    case segment(Int)
    /// The links of a cohort, by its index.
    case links(cohort: Int)
  }

  /// What became of a packet at a port.
  @usableFromInline
  enum Outcome: Hashable, Sendable {
    /// All of it passed.
    case passed
    /// Some of it, or all, found the queue full.
    case dropped
    /// Some of it, or all, was lost before the fan-out.
    case lost
    /// It was incomplete when it came, or nothing of it came.
    case incomplete
  }

  @usableFromInline
  struct Node: Sendable {
    @usableFromInline let kind: Kind
    /// The index of the port above; -1 for the uplink.
    @usableFromInline let parent: Int
    @usableFromInline let latency: Nanoseconds
    /// The latencies of this port and of all above it.
    @usableFromInline let distance: Nanoseconds
    /// Whether devices are below it.
    @usableFromInline var isUsed = false
    @usableFromInline var port: Port
    /// Loss before the fan-out, and of packets on their way up.
    @usableFromInline var loss: LossProcess
    @usableFromInline var upLoss: LossProcess
    @usableFromInline fileprivate(set) var hasLoss: Bool
    /// Frames that its loss took on their way down, and packets on their way up.
    @usableFromInline var lostFrames: UInt64 = 0
    @usableFromInline var lostOnTheWayUp: UInt64 = 0
    @usableFromInline var outcome = Outcome.passed
    /// Whether its loss took the packet under way, or a part of it, in the bad state of a chain.
    @usableFromInline fileprivate(set) var lossIsInBurst = false
    /// Whether the packet under way found it idle, and what it had dropped before.
    @usableFromInline var wasIdle = false
    @usableFromInline var droppedBefore: UInt64 = 0

    /// Carries a frame of a packet that has no other, which arrives at `arrival`. Returns when it comes to the fan-out of
    /// the port; nil if it does not.
    mutating func carryFrame(
      bytes: UInt64, kind: Port.Kind, at arrival: Nanoseconds, present: Nanoseconds
    ) -> Nanoseconds? {
      guard let departure = port.offer(bytes: bytes, kind: kind, at: arrival, present: present) else {
        outcome = .dropped
        return nil
      }
      let time = departure + latency
      guard hasLoss, loss.loses(at: time) else { return time }
      lostFrames += 1
      lossIsInBurst = loss.lossIsInBurst
      outcome = .lost
      return nil
    }

    /// The same for a frame to the group, that comes to every port.
    @inline(__always)
    mutating func carryFrameToGroup(
      bytes: UInt64, kind: Port.Kind, at arrival: Nanoseconds, present: Nanoseconds
    ) -> Nanoseconds {
      noteState(at: arrival)
      outcome = arrival == .never ? .incomplete : .passed
      return arrival == .never ? .never : carryFrame(bytes: bytes, kind: kind, at: arrival, present: present) ?? .never
    }

    /// Notes what it was like before a packet to the group comes.
    mutating func noteState(at arrival: Nanoseconds) {
      wasIdle = port.freeAt <= arrival
      droppedBefore = port.dropped
    }
  }

  /// Parents stand before their children.
  @usableFromInline private(set) var nodes: ContiguousArray<Node> = []
  /// The port of each segment, in the order of the configuration.
  private var segmentNodes: [Int] = []
  /// When the frames of the packet under way come to the fan-out of each port, the uplink's first; never, if they do not.
  @usableFromInline private(set) var times: ContiguousArray<Nanoseconds> = []
  @usableFromInline private(set) var frames = 1
  /// When the packet under way was offered to the uplink.
  @usableFromInline private(set) var present = Nanoseconds.zero
  /// Whether a segment loses anything.
  @usableFromInline private(set) var hasLoss = false
  /// How a train of packets leaves each port, as far as it was worked out.
  @usableFromInline private(set) var trains: ContiguousArray<Train> = []
  /// When all ports are idle, if nothing more comes.
  @usableFromInline private(set) var idleAt = Nanoseconds.zero

  @usableFromInline
  init() {}

  /// The segments of a network in the order of the tree. Returns the index of each segment's port.
  @usableFromInline
  mutating func addSegments(of network: NetworkConfiguration, draws: Draws) -> [Int] {
    var places = [Int](repeating: -1, count: network.segments.count)
    var added = true
    while added {
      added = false
      for (index, segment) in network.segments.enumerated() where places[index] < 0 {
        let parent = segment.parent.flatMap(network.segmentIndex).map { places[$0] } ?? -1
        guard segment.parent == nil || parent >= 0 else { continue }
        let port = Port(
          bitsPerSecond: segment.bitsPerSecond, multicastBitsPerSecond: segment.multicastBitsPerSecond,
          queueLimit: segment.queue, watchesQueue: true)
        places[index] = nodes.count
        if segment.loss != .none { hasLoss = true }
        let loss = draws.segmentLoss(segment.loss, segment: index)
        nodes.append(
          Node(
            kind: .segment(index), parent: parent, latency: segment.latency,
            distance: segment.latency + (parent < 0 ? .zero : nodes[parent].distance), port: port, loss: loss.down,
            upLoss: loss.up, hasLoss: segment.loss != .none))
        added = true
      }
    }
    precondition(!places.contains(-1), "segments stand below each other in a circle")
    segmentNodes = places
    return places
  }

  /// Adds the port that stands for the links of a cohort. Returns its index.
  @usableFromInline
  mutating func addLinks(_ link: Link, ofCohort cohort: Int, below parent: Int, draws: Draws) -> Int {
    let none = draws.segmentLoss(.none, segment: 0)
    nodes.append(
      Node(
        kind: .links(cohort: cohort), parent: parent, latency: .zero,
        distance: parent < 0 ? .zero : nodes[parent].distance,
        port: Port(bitsPerSecond: link.bitsPerSecond, queueLimit: link.queue), loss: none.down, upLoss: none.up,
        hasLoss: false))
    return nodes.count - 1
  }

  /// Devices are below a port.
  @usableFromInline
  mutating func use(_ node: Int) {
    var node = node
    while node >= 0, !nodes[node].isUsed {
      nodes[node].isUsed = true
      node = nodes[node].parent
    }
  }

  /// The ports on the way from the uplink to one, that included.
  @usableFromInline
  func path(to node: Int) -> [Int] {
    var path: [Int] = []
    var node = node
    while node >= 0 {
      path.append(node)
      node = nodes[node].parent
    }
    return path.reversed()
  }

  // MARK: A packet on its way down

  /// Sends a packet of one frame to a device through one port, at which it arrives at `arrival`. Returns when it comes to
  /// the fan-out of the port; nil if it does not.
  @usableFromInline
  mutating func carryFrame(
    bytes: UInt64, kind: Port.Kind, through node: Int, at arrival: Nanoseconds, present: Nanoseconds
  ) -> Nanoseconds? {
    let time = nodes[node].carryFrame(bytes: bytes, kind: kind, at: arrival, present: present)
    idleAt = max(idleAt, nodes[node].port.freeAt)
    return time
  }

  /// One frame to one device comes to a link like the twin at `arrival`, if that is idle as the twin. Returns when it has
  /// left; nil if the twin is not idle.
  @usableFromInline
  mutating func carryLone(bytes: UInt64, over node: Int, at arrival: Nanoseconds) -> Nanoseconds? {
    guard nodes[node].port.freeAt <= arrival else { return nil }
    let departure = arrival + nodes[node].port.duration(bytes: bytes)
    idleAt = max(idleAt, departure)
    return departure
  }

  /// A packet that was offered at `present` comes to the fan-out of the uplink with so many frames.
  @usableFromInline
  mutating func begin(frames: Int, at present: Nanoseconds) {
    self.present = present
    guard frames != self.frames || times.isEmpty else { return }
    self.frames = frames
    times = ContiguousArray(repeating: .never, count: (nodes.count + 1) * frames)
  }

  /// When the frame comes to the fan-out of the uplink.
  @usableFromInline
  mutating func setTime(_ time: Nanoseconds, ofFrame frame: Int) { times[frame] = time }

  /// When frames come to the fan-out of a port, or of the uplink if that is -1.
  @usableFromInline
  func times(at node: Int) -> ArraySlice<Nanoseconds> { times[(node + 1) * frames..<(node + 2) * frames] }

  /// When the packet has come to the fan-out of a port, or of the uplink if that is -1.
  @usableFromInline
  func departure(at node: Int) -> Nanoseconds { times[(node + 2) * frames - 1] }

  /// When the first frame of it comes there; never, if none does.
  @usableFromInline
  func firstTime(at node: Int) -> Nanoseconds {
    for frame in 0..<frames where times[(node + 1) * frames + frame] != .never {
      return times[(node + 1) * frames + frame]
    }
    return .never
  }

  /// Whether the packet under way came whole to a port with devices below it and did not pass. Asked of the tree, for a
  /// property of the node would have all of the node copied.
  @inlinable
  func hasStopped(at node: Int) -> Bool {
    nodes[node].isUsed && (nodes[node].outcome == .dropped || nodes[node].outcome == .lost)
  }

  /// Sends a packet to the group through all ports with devices below them.
  @usableFromInline
  mutating func carryToGroup(_ sizes: Frames, kind: Port.Kind, isWhole: Bool) {
    guard frames > 1 else { return carryFrameToGroup(bytes: sizes.bytes(of: 0), kind: kind) }
    for node in nodes.indices where nodes[node].isUsed {
      let parent = nodes[node].parent
      let arrivesWhole = parent < 0 ? isWhole : nodes[parent].outcome == .passed
      carry(sizes, kind: kind, through: node, arrivesWhole: arrivesWhole)
    }
  }

  /// The same for a packet of one frame.
  private mutating func carryFrameToGroup(bytes: UInt64, kind: Port.Kind) {
    let present = present
    var idleAt = idleAt
    nodes.withUnsafeMutableBufferPointer { nodes in
      times.withUnsafeMutableBufferPointer { times in
        for node in nodes.indices where nodes[node].isUsed {
          let arrival = times[nodes[node].parent + 1]
          times[node + 1] = nodes[node].carryFrameToGroup(bytes: bytes, kind: kind, at: arrival, present: present)
          idleAt = max(idleAt, nodes[node].port.freeAt)
        }
      }
    }
    self.idleAt = idleAt
  }

  /// Sends a packet through one port.
  @usableFromInline
  mutating func carry(_ sizes: Frames, kind: Port.Kind, through node: Int, arrivesWhole: Bool) {
    let (above, here) = ((nodes[node].parent + 1) * frames, (node + 1) * frames)
    var outcome = arrivesWhole ? Outcome.passed : .incomplete
    nodes[node].noteState(at: firstTime(at: nodes[node].parent))
    for frame in 0..<frames {
      times[here + frame] = .never
      let arrival = times[above + frame]
      guard arrival != .never else { continue }
      let departure = nodes[node].port.offer(
        bytes: sizes.bytes(of: frame), kind: kind, endsPacket: frame == frames - 1, at: arrival, present: present)
      if let departure {
        times[here + frame] = departure + nodes[node].latency
      } else if outcome == .passed {
        outcome = .dropped
      }
    }
    idleAt = max(idleAt, nodes[node].port.freeAt)
    if outcome == .passed, nodes[node].hasLoss, loseFrames(at: node) { outcome = .lost }
    nodes[node].outcome = outcome
  }

  /// Offers the frames of a whole packet to the loss before the fan-out of a port. True if one is lost.
  private mutating func loseFrames(at node: Int) -> Bool {
    var isLost = false
    nodes[node].lossIsInBurst = false
    for index in (node + 1) * frames..<(node + 2) * frames where nodes[node].loss.loses(at: times[index]) {
      times[index] = .never
      nodes[node].lostFrames += 1
      isLost = true
      if nodes[node].loss.lossIsInBurst { nodes[node].lossIsInBurst = true }
    }
    return isLost
  }

  // MARK: A train of packets to the group on its way down

  /// Works out how a train that leaves the uplink passes all ports with devices below them. Returns how many of its
  /// packets surely pass each of them evenly.
  @usableFromInline
  mutating func passage(of train: Train, bytes: UInt64, kind: Port.Kind) -> Int {
    if trains.count < nodes.count { trains = ContiguousArray(repeating: train, count: nodes.count) }
    var count = train.count
    for node in nodes.indices where nodes[node].isUsed {
      var passage = nodes[node].port.passage(of: self.train(train, at: nodes[node].parent), bytes: bytes, kind: kind)
      count = min(count, passage.count)
      guard count > 0 else { break }
      passage.first = passage.first + nodes[node].latency
      passage.count = count
      if nodes[node].hasLoss { count = nodes[node].loss.sureToPass(of: passage) }
      trains[node] = passage
    }
    return count
  }

  /// How a train comes to the fan-out of a port, or of the uplink if that is -1, where it is `train`.
  @usableFromInline
  func train(_ train: Train, at node: Int) -> Train { node < 0 ? train : trains[node] }

  /// Sends the first packets of a train, whose passage was worked out, through all ports with devices below them.
  @usableFromInline
  mutating func carry(
    _ count: Int, of train: Train, bytes: UInt64, kind: Port.Kind, present: Nanoseconds
  ) {
    for node in nodes.indices where nodes[node].isUsed {
      var (above, here) = (self.train(train, at: nodes[node].parent), trains[node])
      (above.count, here.count) = (count, count)
      here.first = here.first - nodes[node].latency
      nodes[node].port.take(above, leavingAs: here, bytes: bytes, kind: kind, present: present)
      if nodes[node].hasLoss { nodes[node].loss.skip(UInt64(count)) }
      idleAt = max(idleAt, nodes[node].port.freeAt)
    }
  }

  /// Offers a packet that arrives at the server at `time` to the losses on its way up, from a port on (N10). Returns the
  /// port that loses it.
  @usableFromInline
  mutating func losesOnTheWayUp(from node: Int, arrivingAt time: Nanoseconds) -> Int? {
    var node = node
    while node >= 0 {
      let parent = nodes[node].parent
      let above = parent < 0 ? Nanoseconds.zero : nodes[parent].distance
      if nodes[node].hasLoss, nodes[node].upLoss.loses(at: time - above) {
        nodes[node].lostOnTheWayUp += 1
        return node
      }
      node = parent
    }
    return nil
  }

  // MARK: Counts

  /// Whether a trace of loss at one of these ports ended before the run did.
  @usableFromInline
  func hasOutlivedTrace(onTheWayTo path: [Int]) -> Bool {
    path.contains { nodes[$0].loss.hasOutlivedTrace || nodes[$0].upLoss.hasOutlivedTrace }
  }

  /// What has left each segment by `now`, in the order of the configuration.
  @usableFromInline
  func segmentTotals(at now: Nanoseconds) -> [Port.Totals] {
    segmentNodes.map { nodes[$0].port.totals(at: now) }
  }

  /// The counts of each segment up to `now`, in the order of the configuration.
  @usableFromInline
  func segmentCounts(at now: Nanoseconds) -> [PortCounts] {
    segmentNodes.map { node in
      PortCounts(
        of: nodes[node].port, lostFrames: nodes[node].lostFrames, lostOnTheWayUp: nodes[node].lostOnTheWayUp, at: now)
    }
  }

  // MARK: Rounds

  /// So many packets on their way up pass the loss of a port.
  @usableFromInline
  mutating func skipUp(_ packets: UInt64, at node: Int) { nodes[node].upLoss.skip(packets) }

  /// Idle ports like these, that have sent nothing and lose nothing.
  @usableFromInline var unused: PortTree {
    var tree = self
    tree.idleAt = .zero
    for node in nodes.indices {
      tree.nodes[node].port = nodes[node].port.unused
      tree.nodes[node].hasLoss = false
    }
    return tree
  }

  /// Whether all of the last packet to the group passed every port with devices below it.
  @usableFromInline var passedEverywhere: Bool {
    nodes.allSatisfy { !$0.isUsed || $0.outcome == .passed }
  }

  /// How many rounds surely lose no frame before the fan-out of a port.
  @usableFromInline
  mutating func sureRounds(
    of frames: Int, like passages: [RoundShape.Passage], from start: Nanoseconds, every round: Nanoseconds
  ) -> UInt64 {
    var rounds = UInt64.max
    for node in nodes.indices where nodes[node].isUsed && nodes[node].hasLoss {
      let (first, last) = (start + passages[node].first, start + passages[node].last)
      rounds = min(rounds, nodes[node].loss.sureRounds(of: frames, from: first, to: last, every: round))
    }
    return rounds
  }

  /// How many packets, one a round, surely get from a port to the server; the first one arrives there at `time`.
  @usableFromInline
  mutating func sureRoundsUp(from node: Int, arrivingAt time: Nanoseconds, every round: Nanoseconds) -> UInt64 {
    var (node, rounds) = (node, UInt64.max)
    while node >= 0 {
      let parent = nodes[node].parent
      let here = time - (parent < 0 ? .zero : nodes[parent].distance)
      if nodes[node].hasLoss {
        rounds = min(rounds, nodes[node].upLoss.sureRounds(of: 1, from: here, to: here, every: round))
      }
      node = parent
    }
    return rounds
  }

  /// What the ports did in a round that began at 0.
  @usableFromInline
  func rounds() -> [Port.Round] { nodes.indices.map { nodes[$0].port.round() } }

  /// All ports do again and again what they did in a round, and each loss passes `frames` frames a round.
  @usableFromInline
  mutating func skip(
    _ rounds: Int, of round: [Port.Round], frames: Int, from start: Nanoseconds, every period: Nanoseconds
  ) {
    for node in nodes.indices where nodes[node].isUsed {
      nodes[node].port.skip(rounds, of: round[node], from: start, every: period)
      if nodes[node].hasLoss { nodes[node].loss.skip(UInt64(frames * rounds)) }
      idleAt = max(idleAt, nodes[node].port.freeAt)
    }
  }
}
