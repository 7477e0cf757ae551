import DequeModule
import Timebase

/// Which of the groups' addresses are free.
struct AddressPool: Sendable {
  private let addresses: GroupAddresses?
  private let taken: Set<HostAddress>
  /// The next address that no group had yet; nil if all had.
  private var fresh: HostAddress?
  /// Addresses of groups that ended, with the instant from which they may be used again.
  private var resting = Deque<(host: HostAddress, until: Nanoseconds)>()

  /// - Parameter taken: addresses of the range that are somebody else's.
  init(_ addresses: GroupAddresses?, without taken: Set<HostAddress> = []) {
    self.addresses = addresses
    self.taken = taken
    fresh = addresses?.hosts.lowerBound
    skipTaken()
  }

  private mutating func skipTaken() {
    while let host = fresh, taken.contains(host) { fresh = next(after: host) }
  }

  private func next(after host: HostAddress) -> HostAddress? {
    guard let addresses, host < addresses.hosts.upperBound else { return nil }
    return HostAddress(bits: host.bits + 1)
  }

  /// An address for a group: one that no group had yet, or the one that has rested longest; nil if none is free.
  mutating func take(at now: Nanoseconds) -> Endpoint? {
    guard let addresses else { return nil }
    if let host = fresh {
      fresh = next(after: host)
      skipTaken()
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
