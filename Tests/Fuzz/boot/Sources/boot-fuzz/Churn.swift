import BlockTransfer
import BootService
import PromotionEngine
import TFTPWire
import Timebase

/// A server and clients that come, go and die, for so many hours of their time. Nothing may grow.
struct Churn {
  private struct Arrival {
    var time: Nanoseconds
    var bytes: [UInt8]
    /// The client that it is to or from; nil for all of a group.
    var client: Int?
    var group: Endpoint?
    var isForServer: Bool
  }

  private struct Station {
    var client: BootClient
    let endpoint: Endpoint
    var group: Endpoint?
    var diesAt: Nanoseconds
  }

  private static let address = Endpoint(host: HostAddress(192, 0, 2, 1), port: 69)
  private static let size: UInt64 = 12_000
  private var chance: Chance
  private var server: BootServer
  private var stations: [Int: Station] = [:]
  private var comes = 0
  private var arrivals: [Arrival] = []
  private(set) var now = Nanoseconds.zero
  private(set) var packets = 0
  private(set) var complete = 0
  private(set) var ended = 0

  init(seed: UInt64) {
    chance = Chance(state: seed)
    var parameters = ProtocolParameters()
    parameters.blockSize = 500
    parameters.windowSize = 4
    parameters.promotion.threshold = 3000
    server = BootServer(BootServerSettings(parameters: parameters))
  }

  /// One more client, and all that happens until the next one comes.
  mutating func step(until end: Nanoseconds) {
    come()
    while true {
      let timers = stations.values.map { min($0.client.deadline, $0.diesAt) }.min() ?? .never
      let next = min(arrivals.last?.time ?? .never, timers, server.deadline)
      guard next < end else { break }
      now = max(now, next)
      if let arrival = arrivals.last, arrival.time <= now {
        arrivals.removeLast()
        take(arrival)
      } else if server.deadline <= now {
        serve { server, now, effects in server.fire(at: now, into: &effects) }
      } else {
        ring()
      }
    }
    now = end
  }

  private mutating func come() {
    comes += 1
    var settings = ClientSettings(server: Self.address, fileName: "boot.img")
    settings.mode = chance.pick([.auto, .auto, .auto, .rfc2090, .tftp])
    settings.parameters.blockSize = 500
    settings.parameters.windowSize = 4
    // Hosts come again, from other ports.
    let host = HostAddress(v4: 0x0A00_0000 + UInt32(comes % 500))
    let endpoint = Endpoint(host: host, port: UInt16(1024 + comes % 60_000))
    let life = chance.once(in: 4) ? Nanoseconds(Int64(chance.below(8_000_000_000))) : .seconds(600)
    stations[comes] = Station(client: BootClient(settings), endpoint: endpoint, diesAt: now + life)
    input(comes) { client, now, effects in client.begin(at: now, into: &effects) }
  }

  private mutating func ring() {
    for number in stations.keys.sorted() {
      guard let station = stations[number] else { continue }
      if station.diesAt <= now {
        stations[number] = nil
        ended += 1
      } else if station.client.deadline <= now {
        input(number) { client, now, effects in client.fire(at: now, into: &effects) }
      }
    }
  }

  private mutating func take(_ arrival: Arrival) {
    packets += 1
    if arrival.isForServer {
      guard let number = arrival.client, let station = stations[number] else { return }
      serve { server, now, effects in
        server.receive(
          arrival.bytes, from: station.endpoint, at: now,
          finding: { $0 == "boot.img" ? .found(FileID(rawValue: 1), size: Self.size) : .notFound }, into: &effects)
      }
    } else if let number = arrival.client {
      deliver(arrival.bytes, to: number, by: .unicast)
    } else {
      for number in stations.keys.sorted() where stations[number]?.group == arrival.group {
        if !chance.once(in: 50) { deliver(arrival.bytes, to: number, by: .multicast) }
      }
    }
  }

  private mutating func deliver(_ bytes: [UInt8], to number: Int, by addressing: Addressing) {
    guard stations[number] != nil else { return }
    input(number) { client, now, effects in
      client.receive(bytes.span.bytes, from: Self.address, by: addressing, at: now, into: &effects)
    }
  }

  private mutating func input(
    _ number: Int, _ body: (inout BootClient, Nanoseconds, inout [ClientEffect]) -> Void
  ) {
    guard var station = stations[number] else { return }
    var effects: [ClientEffect] = []
    body(&station.client, now, &effects)
    var next = 0
    while next < effects.count {
      switch effects[next] {
      case .send(let bytes, _):
        if !chance.once(in: 50) { schedule(Arrival(time: now, bytes: bytes, client: number, isForServer: true)) }
      case .join(let group):
        station.group = group
        station.client.joined(at: now, into: &effects)
      case .leave: station.group = nil
      case .drawReportDelay(let most): station.client.delayReport(by: Nanoseconds(most.count / 2))
      case .write, .event: break
      }
      next += 1
    }
    if let outcome = station.client.outcome {
      stations[number] = nil
      ended += 1
      if case .complete = outcome { complete += 1 }
    } else {
      stations[number] = station
    }
  }

  private mutating func serve(_ body: (inout BootServer, Nanoseconds, inout [BootServerEffect]) -> Void) {
    var effects: [BootServerEffect] = []
    body(&server, now, &effects)
    for effect in effects {
      switch effect {
      case .send(let bytes, let endpoint, _): send(bytes, to: endpoint)
      case .sendData(let run, let endpoint, _):
        for block in run.first...run.last {
          let payload = ArraySlice(repeating: UInt8(7), count: Int(run.layout.bytes(of: block)))
          guard let bytes = try? Packet.data(block: block, payload: payload).encoded(blockNumbers: run.blockNumbers)
          else { continue }
          send(bytes, to: endpoint)
        }
      case .release, .event: continue
      }
    }
  }

  private mutating func send(_ bytes: [UInt8], to endpoint: Endpoint) {
    if endpoint.host.isGroup {
      schedule(Arrival(time: now, bytes: bytes, group: endpoint, isForServer: false))
    } else if !chance.once(in: 50), let number = stations.first(where: { $0.value.endpoint == endpoint })?.key {
      schedule(Arrival(time: now, bytes: bytes, client: number, isForServer: false))
    }
  }

  /// What is on its way takes a millisecond; the next one to arrive stands last.
  private mutating func schedule(_ arrival: Arrival) {
    var arrival = arrival
    arrival.time = now + .milliseconds(1)
    let index = arrivals.firstIndex { $0.time <= arrival.time } ?? arrivals.endIndex
    arrivals.insert(arrival, at: index)
  }
}
