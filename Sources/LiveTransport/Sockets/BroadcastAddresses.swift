import BootService
import Glibc
import Timebase

/// The broadcast addresses of the networks that this machine is in: `10.0.0.255` of `10.0.0.1/24`. The system tells them
/// of any network but its own to nobody, so no other ones are known.
package struct BroadcastAddresses: Sendable {
  private var hosts: Set<HostAddress> = []
  private var readAt: Nanoseconds?

  /// How long what was read holds: interfaces come and go.
  private static let lifetime = Nanoseconds.seconds(1)

  /// None, until somebody asks.
  package init() {}

  /// Whether an address is one of them at `now`.
  package mutating func contains(_ host: HostAddress, at now: Nanoseconds) -> Bool {
    if readAt.map({ $0.later(by: Self.lifetime) <= now }) ?? true {
      hosts = Self.current
      readAt = now
    }
    return hosts.contains(host)
  }

  /// The last address of each network, as the kernel has it. An interface that was given none says its own instead.
  private static var current: Set<HostAddress> {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&list) == 0 else { return [] }
    defer { freeifaddrs(list) }
    var hosts: Set<HostAddress> = []
    var next = list
    while let interface = next?.pointee {
      next = interface.ifa_next
      guard interface.ifa_flags & UInt32(IFF_BROADCAST) != 0, let address = v4(interface.ifa_addr),
        let mask = v4(interface.ifa_netmask)
      else { continue }
      if ~mask > 1 { hosts.insert(HostAddress(v4: address | ~mask)) }  // two hosts alone have none (RFC 3021)
    }
    return hosts
  }

  private static func v4(_ address: UnsafeMutablePointer<sockaddr>?) -> UInt32? {
    guard let address, CInt(address.pointee.sa_family) == AF_INET else { return nil }
    return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
      UInt32(bigEndian: $0.pointee.sin_addr.s_addr)
    }
  }
}
