import BootService
import Glibc
import NIOCore

/// A UDP socket to receive at, set up before anything can arrive at it. Whoever gets its descriptor closes it.
struct ReceivingSocket {
  let descriptor: Int32
  /// The bytes that the kernel keeps for it.
  let bufferBytes: Int

  /// A socket for what comes to this machine alone.
  ///
  /// - Parameter port: its port; 0 lets the kernel choose.
  init(towards server: Endpoint, port: UInt16, bufferBytes: Int) throws(DownloadError) {
    let isV4 = server.host.v4 != nil
    let here = Endpoint(host: isV4 ? HostAddress(v4: 0) : HostAddress(bits: 0), port: port)
    try self.init(at: here, bufferBytes: bufferBytes) { descriptor in
      // Of groups that others join at the same port it hears nothing.
      let level = isV4 ? Int32(IPPROTO_IP) : Int32(IPPROTO_IPV6)
      _ = Self.set(descriptor, level, isV4 ? IP_MULTICAST_ALL : IPV6_MULTICAST_ALL, 0 as Int32)
      return port == 0 || Self.set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1 as Int32) ? nil : "share port \(port)"
    }
  }

  /// A member of a group.
  ///
  /// It is bound to the group's address: a socket at 0.0.0.0 would hear every group of its port that anybody joined.
  init(in group: Endpoint, on interface: NetworkInterface?, bufferBytes: Int) throws(DownloadError) {
    try self.init(at: group, bufferBytes: bufferBytes) { descriptor in
      Self.set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1 as Int32)
        && (group.host.v4 == nil || Self.set(descriptor, Int32(IPPROTO_IP), IP_MULTICAST_ALL, 0 as Int32))
        && Self.join(group.host, on: interface?.index ?? 0, descriptor)
        ? nil : "join the group \(group.host)\(interface.map { " on \($0.name)" } ?? "")"
    }
  }

  /// - Parameter prepare: prepares the socket before it is bound; returns the step that failed.
  private init(
    at endpoint: Endpoint, bufferBytes: Int, prepare: (Int32) -> String?
  ) throws(DownloadError) {
    let family = endpoint.host.v4 == nil ? AF_INET6 : AF_INET
    let type = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let descriptor = socket(family, type, 0)
    guard descriptor >= 0 else { throw .socket(step: "open a socket", reason: .lastError) }
    // The first call passes the limit `net.core.rmem_max`, but only root may make it.
    if !Self.set(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, Int32(clamping: bufferBytes)) {
      _ = Self.set(descriptor, SOL_SOCKET, SO_RCVBUF, Int32(clamping: bufferBytes))
    }
    var failedStep = prepare(descriptor)
    if failedStep == nil {
      let bound = SocketAddress(endpoint).withSockAddr { bind(descriptor, $0, socklen_t($1)) }
      if bound != 0 { failedStep = "bind to \(endpoint)" }
    }
    if let failedStep {
      let reason = String.lastError
      close(descriptor)
      throw .socket(step: failedStep, reason: reason)
    }
    self.descriptor = descriptor
    self.bufferBytes = Self.bufferBytes(of: descriptor)
  }

  private static func set<Value>(
    _ descriptor: Int32, _ level: Int32, _ name: Int32, _ value: Value
  ) -> Bool {
    withUnsafeBytes(of: value) {
      setsockopt(descriptor, level, name, $0.baseAddress, socklen_t($0.count)) == 0
    }
  }

  private static func join(_ group: HostAddress, on index: UInt32, _ descriptor: Int32) -> Bool {
    if let v4 = group.v4 {
      let request = ip_mreqn(
        imr_multiaddr: in_addr(s_addr: v4.bigEndian), imr_address: in_addr(s_addr: 0),
        imr_ifindex: Int32(clamping: index))
      return set(descriptor, Int32(IPPROTO_IP), IP_ADD_MEMBERSHIP, request)
    }
    var request = ipv6_mreq()
    withUnsafeMutableBytes(of: &request.ipv6mr_multiaddr) {
      $0.storeBytes(of: group.bits.bigEndian, as: UInt128.self)
    }
    request.ipv6mr_interface = index
    return set(descriptor, Int32(IPPROTO_IPV6), IPV6_JOIN_GROUP, request)
  }

  /// Half of what the kernel says: it counts its own overhead, and doubles what it is given.
  private static func bufferBytes(of descriptor: Int32) -> Int {
    var value: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &value, &length) == 0 else { return 0 }
    return Int(value) / 2
  }

  /// How many datagrams the kernel dropped because the socket was not read in time; 0 if it does not say.
  static func drops(of descriptor: Int32) -> UInt64 {
    // SO_MEMINFO, whose ninth number these are (linux/sock_diag.h).
    var numbers = [UInt32](repeating: 0, count: 9)
    var length = socklen_t(numbers.count * MemoryLayout<UInt32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_MEMINFO, &numbers, &length) == 0 else { return 0 }
    return UInt64(numbers[8])
  }
}
