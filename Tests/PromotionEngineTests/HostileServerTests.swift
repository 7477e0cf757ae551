import BlockTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionEngine

@Suite("A server under hostile input")
struct HostileServerTests {
  @Test("neither traps nor loses count, and its deadlines move on", arguments: UInt64(0)..<16)
  func randomMessages(block seedBlock: UInt64) {
    for seed in seedBlock * 50..<(seedBlock + 1) * 50 {
      var random = SplitMix64(seed: seed)
      let settings = ServerSettings(
        parameters: random.parameters(),
        file: random.once(in: 5) ? FileLayout(size: 1, blockSize: 8)! : tenBlocks,
        answerDelay: random.once(in: 2) ? .zero : turnaround
      )
      var bench = ServerBench()
      bench.server = Server(settings, expectedDevices: 4)
      var now = Nanoseconds.zero
      for step in 0..<120 {
        now += random.pause()
        let effects = input(to: &bench, at: now, using: &random)
        let place: Comment = "seed \(seed), step \(step)"
        check(effects, file: settings.file, at: now, place)
        check(bench.server, place)
      }
    }
  }

  private func input(
    to bench: inout ServerBench,
    at now: Nanoseconds,
    using random: inout SplitMix64
  ) -> [ServerEffect] {
    let known = DeviceID.random(in: 1...6, using: &random)
    switch random.next() % 8 {
    case 0:
      var effects = bench.fire(at: now)
      for _ in 0..<3 { effects += bench.fire(at: now) }
      #expect(bench.deadline > now)
      return effects
    case 1:
      let effects = bench.fire(for: known, at: now) + bench.fire(for: known, at: now)
      #expect(bench.deadline(of: known) > now)
      return effects
    case 2:
      return bench.hear(random.message(), from: [0, .max, 900].randomElement(using: &random)!, at: now)
    case 3:
      return bench.hear([.request(.usual), .open].randomElement(using: &random)!, from: known, at: now)
    default:
      return bench.hear(random.message(), from: known, at: now)
    }
  }

  private func check(_ effects: [ServerEffect], file: FileLayout, at now: Nanoseconds, _ place: Comment) {
    for effect in effects {
      switch effect {
      case .unicast(let message, let device, let leavesAt):
        #expect(leavesAt >= now && device >= 1 && device < .max, place)
        if case .data(let block) = message { #expect(block >= 1 && block <= file.blocks, place) }
      case .multicast(_, let leavesAt):
        #expect(leavesAt >= now, place)
      case .multicastData(let first, let last, let leavesAt):
        #expect(leavesAt >= now && first >= 1 && first <= last && last <= file.blocks, place)
      case .watch, .started, .sessionOpened, .sessionBegan, .sessionEnded:
        break
      }
    }
  }

  /// What must hold between any two inputs.
  private func check(_ server: Server, _ place: Comment) {
    // One plain loop over copies of its own: there are hundreds of peers, and this is done a hundred thousand times.
    let (peers, registry) = (server.peers, server.registry)
    var (registered, active, elected) = ([DeviceID](), [Int](), [Int]())
    var (waiting, queued, smart, awaited) = (0, 0, 0, 0)
    for device in 0..<peers.count {
      let peer = peers[device]
      let isRegistered = registry.indices.contains(peer.order) && registry[peer.order] == DeviceID(device)
      if isRegistered { registered.append(DeviceID(device)) }
      if peer.isAwaited { awaited += 1 }
      switch peer.standing {
      case .passive(let isQueued) where isRegistered:
        if isQueued { queued += 1 } else { waiting += 1 }
      case .smart where isRegistered: smart += 1
      case .active: active.append(device)
      case .elected: elected.append(device)
      default: break
      }
    }
    expect(server.waiting, equals: waiting, place)
    expect(server.queued, equals: queued, place)
    #expect(server.smartDevices == smart && smart <= server.parameters.promotion.maxSmart ?? .max, place)
    expect(server.elected, equals: elected.count, place)
    if case .election = server.phase {} else { #expect(server.electionRounds.isEmpty, place) }
    #expect(server.nextDeadline <= registered.map { server.deadline(of: $0) }.min() ?? .never, place)
    expect(active, equals: server.activeDevice.map { [Int($0)] } ?? [], place)
    switch server.phase {
    case .election:
      let asked = server.electionRounds.flatMap { round in
        round.devices.filter { server.peers[Int($0)].standing == .elected(round: round.number) }
      }
      #expect(elected == asked.map(Int.init).sorted() && !asked.isEmpty && awaited == 0, place)
    case .check(let check): #expect(elected.isEmpty && check.awaited == awaited && awaited > 0, place)
    case .session: #expect(elected.isEmpty && awaited == 0, place)
    case .gathering: #expect(elected.isEmpty && awaited == 0, place)
    case .idle: #expect(elected.isEmpty && awaited == 0 && server.waiting == 0, place)
    }
  }
}

@Suite("Times that nobody can wait for")
struct AbsurdTimesTests {
  /// Lengths and counts that no sum or product may trap on.
  private static func parameters() -> ProtocolParameters {
    var parameters = ProtocolParameters()
    parameters.timeout = Nanoseconds(.max - 1)
    parameters.maxTimeout = .never
    parameters.retries = .max
    parameters.sessionTimeout = .never
    parameters.groupTimeout = Nanoseconds(.max - 1)
    parameters.noticeCopies = .max
    parameters.noticeInterval = .seconds(9_000_000_000)
    parameters.promotion.threshold = .max
    parameters.promotion.reportWindow = .never
    return parameters
  }

  @Test("stop no server", arguments: [1, 8])
  func server(backoff: Int) {
    var bench = ServerBench {
      $0 = Self.parameters()
      $0.backoff = backoff
    }
    for now in [Nanoseconds.zero, .seconds(1), Nanoseconds(.max - 1), .never] {
      for device in DeviceID(1)...2 { _ = bench.hear(.request(.usual), from: device, at: now) }
      _ = bench.hear(.acknowledgment(0), from: 1, at: now)
      #expect(bench.hear(.acknowledgment(10), from: 1, at: now).contains(.sessionEnded(.complete)), "a session ends")
      _ = bench.hear(gapReport(missing: 2), from: 2, at: now)
      _ = bench.fire(at: now)
      _ = bench.hear(.error(.undefined), from: 1, at: now)
      _ = bench.hear(.error(.undefined), from: 2, at: now)
    }
  }

  @Test("stop no device", arguments: [1, 8])
  func device(backoff: Int) {
    for isActive in [true, false] {
      var bench = DeviceBench {
        $0 = Self.parameters()
        $0.backoff = backoff
      }
      bench.settings.groupJoinDelay = .never
      bench.settings.answerDelay = .never
      _ = bench.switchOn(at: .seconds(1))
      _ = bench.hear(acceptance(isActive: isActive), at: Nanoseconds(.max - 1))
      _ = bench.group([2, 4], at: Nanoseconds(.max - 1))
      _ = bench.notice(1, at: .never)
      _ = bench.fire(at: .never)
      #expect(bench.role != .complete)
    }
  }
}
