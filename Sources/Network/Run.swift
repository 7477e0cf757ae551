import BlockTransfer
import EventSimulation
import Timebase

/// How multicast reaches the devices. Both ways write the same bytes.
public enum Delivery: Sendable {
  /// Devices that only listen catch up with a log of what was sent when something looks at them.
  case byRuns
  /// Every packet is delivered to every device.
  case packetByPacket
}

/// Why a run ended.
public enum RunEnd: String, Sendable {
  /// Every device is complete or failed, and nothing is under way or due (R16).
  case complete
  /// The limit on simulated time was reached.
  case timeLimit = "time_limit"
  /// The limit on events was reached.
  case eventLimit = "event_limit"
  /// It was stopped before it was over: on real wires only.
  case interrupted
}

/// One run of a protocol on a network: a value that goes from event to event.
///
/// It knows no protocol. What the ends do, the ``Strategy`` says; what happens, the ``Observer`` is told. The files of this type:
/// `Run+Sender` (the server and its uplink), `Run+Tree`, `Run+Links` and `Run+Trains` (ports below it), `Run+Paths` (fan-out,
/// loss and arrival), `Run+Buffers` (devices that read slowly), `Run+Jitter`, `Run+Receivers` (the devices), `Run+Log` and
/// `Run+Silences` (devices that only listen), `Run+DecisiveBlocks`, `Run+AwaitedBlocks`, `Run+LockStep`, `Run+AtOnce`,
/// `Run+Windows`, `Run+UnderWay`, `Run+Decisions`.
public struct Run<S: Strategy, O: Observer>: Sendable where O.Observed == S {
  /// The protocol.
  public var strategy: S
  /// The observer that is told what happens.
  public var observer: O
  /// The network.
  public let network: NetworkConfiguration
  @usableFromInline let delivery: Delivery

  @usableFromInline var queue = EventQueue<Event<S.Message>>()
  /// Lanes for events that come in the order of time as long as latencies are equal: datagrams to the group and windows on
  /// their way to the uplink, windows for one device, the ends of stretches of them, what devices read out of their buffers,
  /// and joins together with the devices' deadlines, most of which are one timeout away.
  @usableFromInline let uplinkLane: EventQueue<Event<S.Message>>.Lane
  @usableFromInline let windowLane: EventQueue<Event<S.Message>>.Lane
  @usableFromInline let stretchLane: EventQueue<Event<S.Message>>.Lane
  @usableFromInline let readLane: EventQueue<Event<S.Message>>.Lane
  @usableFromInline let deviceLane: EventQueue<Event<S.Message>>.Lane
  /// Packets that come to the uplink, to the server and to single devices; see `Run+UnderWay.swift`.
  @usableFromInline var toUplink = OrderedEvents<Datagram<S.Message>>()
  @usableFromInline var toServer = OrderedEvents<Sent>()
  @usableFromInline var toDevices = OrderedEvents<Arriving>()
  /// The key of the first of these; ``EventKey/afterAll`` if there is none.
  @usableFromInline var firstUnderWay = EventKey.afterAll
  /// The server's end.
  @usableFromInline var sender: S.Sender
  @usableFromInline var senderTimer = EventTimer()
  /// The devices; device `d` is at `d - 1`.
  @usableFromInline var stations: ContiguousArray<Station<S>>
  @usableFromInline var uplink: Port
  @usableFromInline var sharedLoss: LossProcess
  /// The ports below the uplink, and the devices that are reached from each.
  @usableFromInline var tree: PortTree
  @usableFromInline var branches: ContiguousArray<Branch>
  @usableFromInline var links = OwnLinks()
  /// Frames that were lost before the fan-out of the uplink.
  @usableFromInline var framesLostBeforeFanOut: UInt64 = 0
  @usableFromInline let framing: Framing
  @usableFromInline var patterns: FramePatterns
  /// Whether no port is below the uplink.
  @usableFromInline let isPlain: Bool
  /// Whether anything that arrives goes through a buffer. To ask that first costs less than to ask a station.
  @usableFromInline let hasBuffers: Bool
  /// Whether DATA takes several frames.
  @usableFromInline let hasFragments: Bool
  /// What ports do in a round of lock-step; see `Run+LockStep.swift`.
  @usableFromInline var roundShape: RoundShape?
  /// The window size that this was worked out for.
  @usableFromInline var shapedWindowSize = 0
  @usableFromInline var passes = Passes()
  @usableFromInline var packetFollowers = PacketFollowers()
  /// For devices that act when they have everything.
  @usableFromInline var decisiveBlocks: DecisiveBlocks
  /// For devices that act on blocks that they await.
  @usableFromInline var awaited: AwaitedBlocks
  /// What a device received of several climbs, while it takes them.
  @usableFromInline var coverage = Coverage()
  /// The order in which a packet reaches the devices whose paths have no jitter, branch by branch.
  @usableFromInline let fanOutOrder: ContiguousArray<DeviceID>
  /// The last message other than DATA whose payload was measured, in bytes.
  @usableFromInline var lastMeasured: (message: S.Message, payload: UInt64)?

  /// The key of the event that is being executed.
  @usableFromInline var now = EventKey.before(.zero)
  /// Events executed so far.
  @usableFromInline var executed: UInt64 = 0
  /// Packets of stretches under way, which are executed when their stretch ends.
  @usableFromInline var inStretches: UInt64 = 0
  /// How often stretches were taken apart. One of an earlier epoch is none any longer.
  @usableFromInline var stretchEpoch: UInt32 = 0
  /// When the next look at the devices that follow the log is due; never while there are none.
  @usableFromInline var nextLook = Nanoseconds.never
  /// How far the silences of devices that follow the log are foreseen, by index: a packet of their branch's log.
  @usableFromInline var foreseen: ContiguousArray<Int>

  @usableFromInline var receiverEffects: [S.ReceiverEffect] = []
  @usableFromInline var senderEffects: [S.SenderEffect] = []

  /// Sets a run up: draws each device's parameters and schedules joins and leaves.
  ///
  /// - Parameters:
  ///   - strategy: the protocol.
  ///   - network: the network.
  ///   - observer: the observer that is told what happens.
  ///   - seed: of the experiment.
  ///   - replication: from 1; the same number gives the same run, whatever the other replications are.
  ///   - delivery: how multicast reaches the devices. It changes only the time that the run takes.
  @inlinable
  public init(
    _ strategy: S, on network: NetworkConfiguration, observedBy observer: O, seed: UInt64, replication: Int,
    delivery: Delivery = .byRuns
  ) {
    self.strategy = strategy
    self.network = network
    self.observer = observer
    self.delivery = delivery
    uplinkLane = queue.addLane()
    windowLane = queue.addLane()
    stretchLane = queue.addLane()
    readLane = queue.addLane()
    deviceLane = queue.addLane()
    sender = strategy.makeSender(expecting: network.deviceCount)
    uplink = Port(
      bitsPerSecond: network.uplinkBitsPerSecond, queueLimit: network.uplinkQueue,
      watchesQueue: !network.segments.isEmpty)
    decisiveBlocks = DecisiveBlocks(devices: strategy.actsWhenComplete ? network.deviceCount : 0)
    let draws = Draws(seed: seed, replication: replication)
    sharedLoss = draws.sharedLoss(network.sharedLoss)
    var layout = Layout(of: network, draws: draws)
    framing = Framing(mtu: network.mtu)
    hasBuffers = network.cohorts.contains { $0.receiver != nil }
    hasFragments = framing.frames(ofPayload: strategy.payload(ofData: strategy.file.blockSize)).count > 1
    var stations: ContiguousArray<Station<S>> = []
    stations.reserveCapacityInLargePages(network.deviceCount)
    var lossHasClock = false
    draws.forEachDevice(of: network, drawsDelays: strategy.drawsDelays) { drawn in
      lossHasClock = lossHasClock || drawn.downLoss.hasClock
      stations.append(
        Station(
          drawn, branch: layout.branchOfCohort[drawn.cohort],
          buffer: network.cohorts[drawn.cohort].receiver.map(ReceiveBuffer.init), receiver: strategy.makeReceiver()))
    }
    self.stations = stations
    patterns = FramePatterns(keepsDistances: lossHasClock)
    foreseen = ContiguousArray(repeating: .max, count: stations.count)
    // Stations are large: each is looked at once.
    var paths: [(branch: Int, latency: Nanoseconds, device: DeviceID)] = []
    paths.reserveCapacity(stations.count)
    var leaves: [(time: Nanoseconds, device: DeviceID)] = []
    for index in stations.indices {
      let device = DeviceID(index + 1)
      self.observer.expected(device, cohort: stations[index].cohort, join: stations[index].join)
      if stations[index].hasJitter {
        layout.branches[stations[index].branch].withJitter.append(index)
      } else {
        paths.append((stations[index].branch, stations[index].latency, device))
      }
      queue.schedule(.join(device), at: stations[index].join, in: deviceLane)
      if stations[index].leave != .never { leaves.append((stations[index].leave, device)) }
    }
    for leave in leaves { queue.schedule(.leave(leave.device), at: leave.time) }
    paths.sort { ($0.branch, $0.latency, $0.device) < ($1.branch, $1.latency, $1.device) }
    fanOutOrder = ContiguousArray(paths.lazy.map(\.device))
    layout.setOrder(by: paths)
    for branch in layout.branches.indices { layout.branches[branch].log.lastBlock = strategy.file.blocks }
    tree = layout.tree
    branches = layout.branches
    awaited = AwaitedBlocks(
      devices: strategy.awaitsBlocks ? network.deviceCount : 0, branches: strategy.awaitsBlocks ? branches.count : 0)
    isPlain = layout.isPlain
    if delivery == .packetByPacket { takeAllLinksOutOfStep() }
  }

  /// When the last event happened.
  public var time: Nanoseconds { now.time }

  /// How many events were executed (the unit of the limit).
  public var events: UInt64 { executed }

  /// Executes events until the run ends, and returns why it did; nil if `pauses` held before an event.
  @inlinable @inline(__always)
  public mutating func advance(until pauses: (inout Self) -> Bool) -> RunEnd? {
    let limits = network.limits
    var ended = RunEnd.complete
    while !observer.hasSeenEnough {
      if hasReachedEventLimit() {
        ended = .eventLimit
        break
      }
      let nextSample = observer.nextSample
      let horizon = min(limits.time, nextSample)
      let next = nextKey
      if nextLook <= min(next.time, horizon) {
        look()
        continue
      }
      if next.time > horizon {
        guard isAnythingDue(after: .after(horizon)) else { break }
        if nextSample <= limits.time {
          sample(at: nextSample)
          continue
        }
        ended = .timeLimit
        break
      }
      if pauses(&self) { return nil }
      guard next.sequence == firstUnderWay.sequence else {
        takeFromQueue()
        continue
      }
      if arriveAll(until: horizon, unless: pauses) { return nil }
    }
    return ended
  }

  /// Whether a step would be taken by ``advance(until:)`` too.
  @inlinable
  public var hasNext: Bool {
    mutating get {
      guard !observer.hasSeenEnough, !hasReachedEventLimit() else { return false }
      return nextKey.time <= network.limits.time
    }
  }

  /// Executes the next event.
  @inlinable @inline(__always)
  public mutating func step() {
    guard firstUnderWay < .afterAll, queue.isBehind(firstUnderWay) else { return takeFromQueue() }
    arriveNext()
    queue.pass(now)
  }

  /// Executes the next event of the queue.
  @inlinable @inline(__always)
  mutating func takeFromQueue() {
    guard let (key, event) = queue.popFirst() else { return }
    now = key
    switch event {
    case .join(let device): switchOn(device)
    case .leave(let device): switchOff(device)
    case .deviceTimer(let device): fireTimer(of: device)
    case .senderTimer: fireSenderTimer()
    case .senderTimerFor(let device): fireSenderTimer(for: device)
    case .uplink(let datagram): send(datagram)
    case .leavesDevice(let device, let message): leave(device, message: message)
    case .reachesServer(let device, let message): reachServer(message, from: device)
    case .reachesDevice(let device, let arrival): reach(device, with: arrival)
    case .windowReachesDevice(let device, let window): reach(device, with: window)
    case .reads(let device, let arrival): read(arrival, at: Int(device) - 1)
    case .looks(let device, let block): look(at: device, after: block)
    case .fansOut(let arrival, let next): fanOut(arrival, from: next)
    }
  }

  /// Whether an event that still counts is pending, or what is in the log has not arrived everywhere after `key`.
  ///
  /// Timers whose deadline is gone, and the switching-off of a device that is at its end, do not keep a run going.
  @inlinable
  mutating func isAnythingDue(after key: EventKey) -> Bool {
    if isUnderWay(withJitterAfter: key.time) || firstUnderWay < .afterAll { return true }
    for branch in branches {
      if let slowest = branch.slowest,
        let last = branch.log.lastArrival(latency: stations[Int(slowest) - 1].latency, device: slowest), last > key
      {
        return true
      }
    }
    return isAnyoneWatched
      || queue.contains { key, event in
        switch event {
        case .deviceTimer(let device):
          let index = Int(device) - 1
          return stations[index].timer.isPending(at: key)
            && strategy.deadline(of: stations.span[index].receiver).time != .never
        case .senderTimer: return senderTimer.isPending(at: key) && strategy.deadline(of: sender) != .never
        case .senderTimerFor(let device):
          return stations[Int(device) - 1].senderTimer.isPending(at: key)
            && strategy.deadline(of: sender, for: device) != .never
        case .leave(let device): return !strategy.isAtItsEnd(stations.span[Int(device) - 1].receiver)
        case .windowReachesDevice(_, let window): return window.stretch == 0 || window.epoch == stretchEpoch
        case .join, .uplink, .leavesDevice, .reachesServer, .reachesDevice, .reads, .looks, .fansOut: return true
        }
      }
  }

  @inlinable
  mutating func sample(at time: Nanoseconds) {
    catchUpAll(before: .after(time))
    let segments = network.segments.isEmpty ? [] : tree.segmentTotals(at: time).map(\.bytes)
    observer.sample(
      at: time, busy: uplink.busy(until: time), totals: uplink.totals(at: time), segments: segments)
  }

  /// Ends a run: all devices catch up, and observers are told what had not left the uplink, and check what must hold.
  ///
  /// - Returns: what left the server.
  @inlinable
  public mutating func finish(_ ended: RunEnd) -> FinalCounts {
    let end: EventKey =
      switch ended {
      case .complete: .afterAll
      case .timeLimit: .after(network.limits.time)
      case .eventLimit, .interrupted: now
      }
    catchUpAll(before: end)
    for index in stations.indices where hasBuffers && stations[index].hasBuffer { takeIntoBuffer(index, before: end) }
    if ended == .complete, observer.wantsLastSample { sample(at: observer.nextSample) }
    let counts = finalCounts(at: end.time)
    for kind in uplink.kinds(stayingAt: end.time) { observer.neverLeft(kind) }
    let isSharedOutlived = sharedLoss.hasOutlivedTrace
    let areBranchesOutlived = branches.map { tree.hasOutlivedTrace(onTheWayTo: $0.path) }
    for index in stations.indices {
      settleLink(index)
      check(index)
      if isSharedOutlived || areBranchesOutlived[stations[index].branch] || stations[index].hasOutlivedTrace {
        observer.outlivedTrace(DeviceID(index + 1))
      }
    }
    observer.check(sender, taken: uplink.taken, at: now.time)
    return counts
  }
}
