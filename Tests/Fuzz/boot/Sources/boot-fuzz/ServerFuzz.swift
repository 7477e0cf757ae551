import BlockTransfer
import BootService
import PromotionEngine
import TFTPWire
import Timebase

/// Hostile datagrams into a server, from a few hosts, so that they meet what others have left.
struct ServerFuzz {
  private var server: BootServer
  private var chance: Chance
  private var now = Nanoseconds.zero
  private var heard: Set<Endpoint> = []
  private var groups: Set<Endpoint> = []
  private var nextBlock: [Endpoint: BlockNumber] = [:]
  private var open = (groups: 0, transfers: 0)
  private let settings: BootServerSettings
  private(set) var sent = 0

  init(seed: UInt64) {
    chance = Chance(state: seed)
    var settings = BootServerSettings()
    settings.parameters.promotion.threshold = 1 << 20
    settings.parameters.wideBlockNumbers = true
    settings.mostTransfers = 64
    settings.mostDevices = 64
    settings.mostGroups = 8
    settings.mtftp = [
      MTFTPFile(fileName: "boot.img", group: Endpoint(host: HostAddress(239, 192, 1, 1), port: 1758))
    ]
    self.settings = settings
    server = BootServer(settings)
  }

  mutating func step() {
    now = now + Nanoseconds(Int64(chance.once(in: 200) ? chance.below(2_000_000_000) : chance.below(2_000_000)))
    var effects: [BootServerEffect] = []
    var fires = 0
    while server.deadline <= now, fires < 1000 {
      server.fire(at: now, into: &effects)
      fires += 1
    }
    hold(fires < 1000, "the deadline does not move on")
    let host = HostAddress(192, 0, 2, UInt8(1 + chance.below(12)))
    let source = Endpoint(host: host, port: UInt16(2000 + chance.below(6)))
    let service: LocalEnd = chance.once(in: 6) ? .mtftp(port: MTFTPFile.usualServerPort) : .tftp
    heard.insert(source)
    let bytes = Hostile.datagram(near: nextBlock[source] ?? 0, &chance)
    server.receive(bytes, from: source, on: service, at: now, finding: Self.find, into: &effects)
    check(effects, asked: source)
  }

  /// Lets everything end.
  mutating func finish() {
    var effects: [BootServerEffect] = []
    let end = now + .seconds(3600)
    while server.deadline <= end {
      now = max(now, server.deadline)
      server.fire(at: now, into: &effects)
    }
    check(effects, asked: nil)
    hold(server.deadline == .never && open.groups == 0 && open.transfers == 0, "something has no end: \(open)")
  }

  private static func find(_ name: String) -> FoundFile {
    switch name {
    case "boot.img": .found(FileID(rawValue: 1), size: 100_000)
    case "empty": .found(FileID(rawValue: 2), size: 0)
    case "huge": .found(FileID(rawValue: 3), size: .max)
    case "secret": .notAllowed
    default: .notFound
    }
  }

  private mutating func check(_ effects: [BootServerEffect], asked: Endpoint?) {
    for effect in effects {
      switch effect {
      case .send(let bytes, let endpoint, _):
        sent += 1
        hold(knows(endpoint) && bytes.count <= 1024, "\(bytes.count) bytes to \(endpoint)")
      case .sendData(let run, let endpoint, _):
        sent += 1
        hold(knows(endpoint), "DATA to \(endpoint)")
        hold(run.first >= 1 && run.first <= run.last && run.last <= run.layout.blocks, "DATA \(run)")
        if let asked { nextBlock[asked] = run.last }
      case .event(.groupOpened(_, let group), _):
        groups.insert(group.address)
        open.groups += 1
      case .event(.groupClosed, _): open.groups -= 1
      case .event(.transferBegan, _): open.transfers += 1
      case .event(.transferEnded, _): open.transfers -= 1
      case .release, .event: continue
      }
    }
    hold(
      (0...settings.mostGroups + settings.mtftp.count).contains(open.groups)
        && (0...settings.mostTransfers).contains(open.transfers), "counts: \(open)")
  }

  private func knows(_ endpoint: Endpoint) -> Bool {
    heard.contains(endpoint) || groups.contains(endpoint) || endpoint.port == 1758
  }
}
