import BootService
import BlockTransfer
import Glibc
import Logging
import NIOCore
import Timebase

/// What drives a ``BootServer``: its datagrams, its timers, its files and what it sends, all on one event loop.
///
/// All that happens is handled at once, one thing after the other, so there is nothing to lock. A packet costs no timer:
/// there is one, at the earliest instant at which something may be due.
final class ServerLoop {
  private var server: BootServer
  private var files: FileCatalogue
  private let transmitter: Transmitter
  private let sockets: [Service: UDPSocket]
  private let clock: LiveClock
  private let loop: any EventLoop
  private let log: Logger
  private let observe: (ServerEvent, Nanoseconds) -> Void
  private var broadcasts = BroadcastAddresses()
  private var effects: [BootServerEffect] = []
  private var timer: (scheduled: Scheduled<Void>, at: Nanoseconds)?
  private var isStopped = false
  private var refusalToldAt = Nanoseconds(.min)

  /// The shortest time between two calls that send: what is due is sent each tick, not packet by packet.
  private static let tick = Nanoseconds.milliseconds(1)

  init(
    _ server: BootServer, files: FileCatalogue, transmitter: Transmitter, sockets: [Service: UDPSocket],
    clock: LiveClock, loop: any EventLoop, log: Logger, observe: @escaping (ServerEvent, Nanoseconds) -> Void
  ) {
    self.server = server
    self.files = files
    self.transmitter = transmitter
    self.sockets = sockets
    self.clock = clock
    self.loop = loop
    self.log = log
    self.observe = observe
  }

  /// What was sent and lost so far.
  var counters: TransmissionCounters { transmitter.counters }

  /// Takes a datagram. Nothing is sent before ``advance()``.
  func receive(_ bytes: ByteBuffer, from address: SocketAddress, on local: LocalEnd) {
    let now = clock.now
    // BootServer refuses what is wrong in any network. These are wrong in those of this machine (RFC 1123 §4.2.3.5).
    guard !isStopped, let endpoint = Endpoint(address), !broadcasts.contains(endpoint.host, at: now),
      local.host.map({ !broadcasts.contains($0, at: now) }) ?? true
    else { return }
    server.receive(
      Array(bytes.readableBytesView), from: endpoint, on: local, at: now,
      finding: { files.find($0) }, into: &effects)
    carryOut()
  }

  /// Does what is due, sends what is due, and sees to it that it is called again.
  func advance() {
    guard !isStopped else { return }
    let now = clock.now
    server.fire(at: now, into: &effects)
    carryOut()
    let pause = sendDue(at: now)
    arm(min(server.deadline, pause.map { now + max($0, Self.tick) } ?? .never))
  }

  /// Ends everything with a reason. DATA that waits is dropped, so that the reason is heard; the loop waits for that up to
  /// a tenth of a second.
  func stop(saying reason: String) {
    guard !isStopped else { return }
    isStopped = true
    transmitter.dropAll()
    server.stop(saying: reason, at: clock.now, into: &effects)
    carryOut()
    for _ in 0..<100 where transmitter.send(at: clock.now) != nil { usleep(1000) }
    timer?.scheduled.cancel()
    files.close()
  }

  private func sendDue(at now: Nanoseconds) -> Nanoseconds? {
    var pause = transmitter.send(at: now)
    let faults = transmitter.takeFaults()
    if !faults.isEmpty {
      for (file, fault) in faults {
        log.warning("a file that is served \(fault.words)")
        server.fileChanged(file, at: now, into: &effects)
      }
      carryOut()
      pause = transmitter.send(at: now)
    }
    if let refusal = transmitter.takeRefusal(), refusalToldAt + .seconds(1) <= now || refusalToldAt.count == .min {
      refusalToldAt = now
      log.warning("\(SystemError("send to \(refusal.endpoint)", code: refusal.code))")
    }
    return pause
  }

  private func carryOut() {
    // An effect may not lead to another one here, so the array is not changed while it is read.
    for effect in effects {
      switch effect {
      case .send(let packet, let endpoint, let local):
        guard let socket = sockets[local.service] else { continue }
        transmitter.enqueue(packet, on: Way(to: endpoint, from: local, by: socket))
      case .sendData(let run, let endpoint, let local):
        guard let socket = sockets[local.service], let file = files[run.file] else { continue }
        transmitter.enqueue(run, of: file, on: Way(to: endpoint, from: local, by: socket))
      case .release(let file): files.release(file)
      case .event(let event, let time): observe(event, time)
      }
    }
    effects.removeAll(keepingCapacity: true)
  }

  private func arm(_ time: Nanoseconds) {
    if let timer, timer.at <= time { return }
    timer?.scheduled.cancel()
    timer = nil
    guard let deadline = clock.deadline(time) else { return }
    let this = NIOLoopBound(self, eventLoop: loop)
    let scheduled = loop.scheduleTask(deadline: deadline) {
      this.value.timer = nil
      this.value.advance()
    }
    timer = (scheduled, time)
  }
}

extension OpenFile.Fault {
  /// For a log.
  fileprivate var words: String {
    switch self {
    case .changed: "has changed; what was under way with it is ended"
    case .unreadable(let code): "cannot be read: \(SystemError("read", code: code))"
    }
  }
}

/// Hands the datagrams of a socket to the loop.
final class DatagramReader: ChannelInboundHandler, Sendable {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>

  private let service: Service
  /// Whether groups are sent by the interface that their devices' requests come by: no other one is configured.
  private let followsRequests: Bool
  private let loop: NIOLoopBound<ServerLoop>
  private let log: Logger

  init(_ service: Service, followsRequests: Bool, loop: NIOLoopBound<ServerLoop>, log: Logger) {
    self.service = service
    self.followsRequests = followsRequests
    self.loop = loop
    self.log = log
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let envelope = unwrapInboundIn(data)
    loop.value.receive(envelope.data, from: envelope.remoteAddress, on: local(of: envelope.metadata?.packetInfo))
  }

  private func local(of info: NIOPacketInfo?) -> LocalEnd {
    LocalEnd(
      service, host: info.flatMap { Endpoint($0.destinationAddress)?.host },
      interface: followsRequests ? UInt32(clamping: info?.interfaceIndex ?? 0) : 0)
  }

  func channelReadComplete(context: ChannelHandlerContext) { loop.value.advance() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    log.warning("a socket reports an error", metadata: ["error": "\(error)"])
  }
}
