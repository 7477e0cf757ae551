import BlockTransfer
import BootService
import PromotionEngine
import TFTPWire
import Timebase

/// Hostile datagrams into a client, which begins anew when it has ended.
struct ClientFuzz {
  private static let server = Endpoint(host: HostAddress(192, 0, 2, 1), port: 69)
  private static let group = Endpoint(host: HostAddress(239, 192, 0, 1), port: 1758)
  private var chance: Chance
  private var client: BootClient
  private var now = Nanoseconds.zero
  private var downloads = 0
  private var written: UInt64 = 0
  private(set) var sent = 0

  init(seed: UInt64) {
    chance = Chance(state: seed)
    client = BootClient(ClientSettings(server: Self.server, fileName: "boot.img"))
    begin()
  }

  private mutating func begin() {
    let modes: [ClientMode] = [
      .auto, .promotion, .rfc2090, .tftp, .mtftp(MTFTPTerms(group: Self.group, size: 6400)),
    ]
    var settings = ClientSettings(server: Self.server, fileName: "boot.img", mode: modes[downloads % modes.count])
    settings.parameters.windowSize = UInt32(1 + chance.below(8))
    settings.parameters.blockSize = chance.pick([16, 512, 1428])
    client = BootClient(settings)
    downloads += 1
    var effects: [ClientEffect] = []
    client.begin(at: now, into: &effects)
    check(effects, of: [])
  }

  mutating func step() {
    now = now + Nanoseconds(Int64(chance.once(in: 100) ? chance.below(3_000_000_000) : chance.below(2_000_000)))
    var effects: [ClientEffect] = []
    var fires = 0
    while client.deadline <= now, fires < 1000 {
      client.fire(at: now, into: &effects)
      fires += 1
    }
    hold(fires < 1000, "the client's deadline does not move on")
    let bytes = Hostile.datagram(near: client.gaps.first ?? 1, &chance)
    var sender = Self.server
    if chance.once(in: 10) { sender.host = HostAddress(192, 0, 2, 77) }
    if chance.once(in: 10) { sender.port = UInt16(chance.below(65_536)) }
    client.receive(
      bytes.span.bytes, from: sender, by: chance.once(in: 2) ? .unicast : .multicast, at: now, into: &effects)
    check(effects, of: bytes)
    if client.outcome != nil { begin() }
  }

  private mutating func check(_ first: [ClientEffect], of datagram: [UInt8]) {
    var effects = first
    var next = 0
    while next < effects.count {
      switch effects[next] {
      case .send(let bytes, let endpoint):
        sent += 1
        hold(endpoint.host == Self.server.host && bytes.count <= 512, "\(bytes.count) bytes to \(endpoint)")
      case .join:
        if chance.once(in: 4) {
          client.notJoined("no", at: now, into: &effects)
        } else {
          client.joined(at: now, into: &effects)
        }
      case .write(let offset, let payload):
        hold(payload.lowerBound >= 2 && payload.upperBound <= datagram.count, "writes \(payload) of \(datagram.count)")
        written = max(written, offset)
      case .drawReportDelay(let most): client.delayReport(by: Nanoseconds(most.count / 2))
      case .leave, .event: break
      }
      next += 1
      hold(next < 10_000, "the client does not stop wanting things")
    }
  }
}
