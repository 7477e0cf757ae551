import BootService

/// How a boot server stands on its machine.
package struct LiveServerConfiguration: Sendable {
  /// The directory below which files are served.
  package var root: String
  /// The address and port of TFTP; port 0 for one that the system chooses.
  package var listen: Endpoint
  /// The interface that groups are sent by; nil for the one that a device's request comes by.
  package var interface: NetworkInterface?
  /// Over how many routers multicast goes: 1 for none.
  package var hops: UInt8 = 1
  /// Whether listeners on this machine hear the groups too.
  package var loopsBack = true
  /// Bits per second on the wire, for everything together; nil for as fast as the system takes it.
  package var rate: UInt64? = 1_000_000_000
  /// Whether the kernel or the interface may divide several DATA of one run (GSO).
  package var usesSegments = true
  /// The user that the process becomes when its sockets are bound; nil to stay.
  package var user: String?
  /// What is served how.
  package var service = BootServerSettings()

  /// A server of a directory.
  package init(root: String, listen: Endpoint) {
    self.root = root
    self.listen = listen
  }
}
