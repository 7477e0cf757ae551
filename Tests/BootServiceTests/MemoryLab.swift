import BlockTransfer
import PromotionEngine
import TFTPWire
import TestSupport
import Timebase

@testable import BootService

/// A boot server and its clients in memory: a wire with a latency that loses datagrams, the same ones for a seed.
struct MemoryLab {
  private struct Arrival {
    enum Place {
      case server(from: Int)
      case client(Int, Addressing)
      /// Of a number of addresses, the next request that somebody makes up.
      case forged(Int)
    }
    var time: Nanoseconds
    var bytes: [UInt8]
    var place: Place
  }

  struct Station {
    var client: BootClient
    var joinsAt: Nanoseconds
    var hasBegun = false
    var group: Endpoint?
    var file: [UInt8] = []
    var completedAt: Nanoseconds?
    let endpoint: Endpoint
  }

  static let content = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
  private static let latency = Nanoseconds.microseconds(100)
  private static let find: @Sendable (String) -> FoundFile = {
    $0 == "boot.img" ? .found(FileID(rawValue: 1), size: UInt64(content.count)) : .notFound
  }

  var server: BootServer
  var stations: [Station] = []
  private(set) var now = Nanoseconds.zero
  private var arrivals: [Arrival] = []  // in the order of their times, the next one last
  private var chance: FixedSequence
  private let lossPerThousand: UInt32
  private var forgedAddresses = 0

  init(_ parameters: ProtocolParameters, lossPerThousand: UInt32, seed: UInt64) {
    server = BootServer(BootServerSettings(parameters: parameters))
    chance = FixedSequence(state: seed)
    self.lossPerThousand = lossPerThousand
  }

  mutating func add(_ mode: ClientMode, _ parameters: ProtocolParameters, at time: Nanoseconds = .zero) {
    let number = stations.count + 1
    let settings = ClientSettings(
      server: ClientBench.server, fileName: "boot.img", mode: mode, parameters: parameters)
    let endpoint = Endpoint(host: HostAddress(192, 0, 2, UInt8(100 + number)), port: UInt16(1000 + number))
    stations.append(Station(client: BootClient(settings), joinsAt: time, endpoint: endpoint))
  }

  /// Somebody who hears nothing asks for the file under so many addresses, each once a second, from the beginning on.
  mutating func forge(addresses: Int) {
    forgedAddresses = addresses
    arrivals.append(Arrival(time: .zero, bytes: [], place: .forged(0)))
  }

  private mutating func takeForged(_ number: Int) {
    let endpoint = Endpoint(host: HostAddress(v4: 10 << 24 | UInt32(number)), port: 1024)
    let pause = Nanoseconds(1_000_000_000 / Int64(forgedAddresses))
    put(Arrival(time: now + pause, bytes: [], place: .forged((number + 1) % forgedAddresses)))
    let request = ReadRequest(fileName: "boot.img", options: Proposal(stations[0].client.settings.parameters).list)
    let bytes = try! Packet.readRequest(request).encoded(blockNumbers: .bits16)
    serve { server, now, effects in
      server.receive(bytes, from: endpoint, at: now, finding: Self.find, into: &effects)
    }
  }

  /// Runs until all clients have ended, but no more than so many steps.
  mutating func run(steps: Int = 500_000) {
    for _ in 0..<steps {
      guard stations.contains(where: { $0.client.outcome == nil }) else { return }
      step()
    }
  }

  private mutating func step() {
    let timers = stations.map { $0.hasBegun ? $0.client.deadline : $0.joinsAt }
    let due = min(timers.min() ?? .never, server.deadline)
    if let arrival = arrivals.last, arrival.time <= due {
      arrivals.removeLast()
      now = arrival.time
      return take(arrival)
    }
    now = max(now, due)
    if server.deadline <= now {
      serve { server, now, effects in server.fire(at: now, into: &effects) }
    } else if let index = timers.firstIndex(of: due) {
      let hasBegun = stations[index].hasBegun
      stations[index].hasBegun = true
      input(index) { client, now, effects in
        if hasBegun { client.fire(at: now, into: &effects) } else { client.begin(at: now, into: &effects) }
      }
    }
  }

  private mutating func take(_ arrival: Arrival) {
    switch arrival.place {
    case .server(let index):
      let endpoint = stations[index].endpoint
      serve { server, now, effects in
        server.receive(arrival.bytes, from: endpoint, at: now, finding: Self.find, into: &effects)
      }
    case .forged(let number): takeForged(number)
    case .client(let index, let addressing):
      input(index, of: arrival.bytes) { client, now, effects in
        client.receive(
          arrival.bytes.span.bytes, from: ClientBench.server, by: addressing, at: now, into: &effects)
      }
    }
  }

  private mutating func input(
    _ index: Int, of datagram: [UInt8] = [], _ body: (inout BootClient, Nanoseconds, inout [ClientEffect]) -> Void
  ) {
    var effects: [ClientEffect] = []
    body(&stations[index].client, now, &effects)
    var next = 0
    while next < effects.count {
      switch effects[next] {
      case .send(let bytes, _): send(bytes, to: .server(from: index), at: now)
      case .join(let group):
        stations[index].group = group
        stations[index].client.joined(at: now, into: &effects)
      case .leave: stations[index].group = nil
      case .write(let offset, let payload):
        let end = Int(offset) + payload.count
        while stations[index].file.count < end { stations[index].file.append(0xEE) }
        stations[index].file.replaceSubrange(Int(offset)..<end, with: datagram[payload])
      case .drawReportDelay(let most):
        stations[index].client.delayReport(by: Nanoseconds(Int64.random(in: 0...most.count, using: &chance)))
      case .event(.completed, let time): stations[index].completedAt = time
      case .event: break
      }
      next += 1
    }
  }

  private mutating func serve(_ body: (inout BootServer, Nanoseconds, inout [BootServerEffect]) -> Void) {
    var effects: [BootServerEffect] = []
    body(&server, now, &effects)
    var leaves = now
    for effect in effects {
      switch effect {
      case .send(let bytes, let endpoint, _): spread(bytes, to: endpoint, at: leaves)
      case .sendData(let run, let endpoint, _):
        for block in run.first...run.last {
          leaves = leaves + .microseconds(12)
          let start = Int(block - 1) * Int(run.layout.blockSize)
          let payload = Self.content[start..<start + Int(run.layout.bytes(of: block))]
          let number = run.blockNumbers == .bits16 ? block & 0xFFFF : block
          let bytes = try! Packet.data(block: number, payload: payload).encoded(blockNumbers: run.blockNumbers)
          spread(bytes, to: endpoint, at: leaves)
        }
      case .release, .event: break
      }
    }
  }

  /// To a client, or to all that hear a group.
  private mutating func spread(_ bytes: [UInt8], to endpoint: Endpoint, at time: Nanoseconds) {
    for (index, station) in stations.enumerated() {
      if station.endpoint == endpoint { send(bytes, to: .client(index, .unicast), at: time) }
      if station.group == endpoint { send(bytes, to: .client(index, .multicast), at: time) }
    }
  }

  private mutating func send(_ bytes: [UInt8], to place: Arrival.Place, at time: Nanoseconds) {
    guard UInt32.random(in: 0..<1000, using: &chance) >= lossPerThousand else { return }
    put(Arrival(time: time + Self.latency, bytes: bytes, place: place))
  }

  private mutating func put(_ arrival: Arrival) {
    let index = arrivals.lastIndex { $0.time > arrival.time }.map { $0 + 1 } ?? 0
    arrivals.insert(arrival, at: index)
  }
}
