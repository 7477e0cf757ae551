import DequeModule
import Timebase

/// Which of the groups' addresses are free.
struct AddressPool: Sendable {
  private let addresses: GroupAddresses?
  /// The next address that no group had yet; nil if all had.
  private var fresh: HostAddress?
  /// Addresses of groups that ended, with the instant from which they may be used again.
  private var resting = Deque<(host: HostAddress, until: Nanoseconds)>()

  init(_ addresses: GroupAddresses?) {
    self.addresses = addresses
    fresh = addresses?.hosts.lowerBound
  }

  /// An address for a group: one that no group had yet, or the one that has rested longest; nil if none is free.
  mutating func take(at now: Nanoseconds) -> Endpoint? {
    guard let addresses else { return nil }
    if let host = fresh {
      fresh = host < addresses.hosts.upperBound ? HostAddress(bits: host.bits + 1) : nil
      return Endpoint(host: host, port: addresses.port)
    }
    guard let first = resting.first, first.until <= now else { return nil }
    resting.removeFirst()
    return Endpoint(host: first.host, port: addresses.port)
  }

  /// A group has ended.
  mutating func giveBack(_ address: Endpoint, until: Nanoseconds) {
    guard let addresses, addresses.hosts.contains(address.host) else { return }
    resting.append((address.host, until))
  }
}
