import ArgumentParser
import BootService
import LiveTransport
import Quantities

/// Where a server listens, and how it sends.
struct ServeNetwork: ParsableArguments {
  @Option(help: "The address and port of TFTP: 192.0.2.1, 192.0.2.1:6969 or [2001:db8::1]:69. (default: 0.0.0.0:69)")
  var listen: String?

  @Option(help: "The interface that groups are sent by. (default: the one that a device's request comes by)")
  var interface: String?

  @Option(
    help: ArgumentHelp(
      "The groups' addresses, one or a range; 'none' to serve everybody by unicast. (default: "
        + "\(ServeNetwork.usualGroups); ff15::1:1-ff15::1:fe if TFTP has an IPv6 address)", valueName: "first-last"))
  var group: String?

  @Option(help: "The groups' UDP port.")
  var groupPort: UInt16 = 1758

  @Option(help: "What everything together is sent with at most, headers included, like '500 Mbit/s'; or 'unlimited'.")
  var rate = "1 Gbit/s"

  @Option(help: "Over how many routers multicast goes; 1 for none.")
  var hops: UInt8 = 1

  @Flag(inversion: .prefixedNo, help: "Whether listeners on this machine hear the groups.")
  var loopback = true

  @Flag(inversion: .prefixedNo, help: "Whether the kernel divides several packets of one call (UDP_SEGMENT).")
  var segmentation = true

  @Option(
    help: """
      The user of /etc/passwd to become when the port is bound, or the number of one; 'root' to stay root. (default: \
      nobody, if started by root)
      """)
  var user: String?

  static let usualGroups = "239.192.0.1-239.192.0.254"
  private static let usualGroupsV6 = "ff15::1:1-ff15::1:fe"
  /// The unprivileged port of a trial.
  private static let trial = Endpoint(host: HostAddress(127, 0, 0, 1), port: 6969)
  private static let everywhere = Endpoint(host: HostAddress(v4: 0), port: 69)

  /// Where to listen.
  ///
  /// - Parameter isTrial: whether no directory was named: then only this machine may ask.
  func listen(isTrial: Bool) throws -> Endpoint {
    guard let listen else { return isTrial ? Self.trial : Self.everywhere }
    guard let endpoint = Endpoint(listen) ?? HostAddress(listen).map({ Endpoint(host: $0, port: 69) }) else {
      throw ValidationError(
        "--listen '\(listen.printable)' is no address, with or without a port, like 192.0.2.1:69 or [2001:db8::1]:69")
    }
    guard !isTrial || endpoint.host.isLoopback else {
      throw ValidationError(
        "which directory shall be served at \(endpoint)? Name it: gapcast serve DIRECTORY --listen \(endpoint)")
    }
    return endpoint
  }

  /// - Parameter isTrial: whether no directory was named. Such a server stays who it is: only this machine may ask, and the
  ///   current directory may be one that nobody else may look into.
  func apply(to configuration: inout LiveServerConfiguration, isTrial: Bool) throws {
    configuration.rate = try parsedRate()
    configuration.service.strangerBytes = Self.strangerBytes(at: configuration.rate ?? 1_000_000_000)
    configuration.interface = try parsedInterface(for: configuration.listen)
    guard hops > 0 else { throw ValidationError("--hops 0: multicast would not leave this machine; 1 to 255") }
    configuration.hops = hops
    configuration.loopsBack = loopback
    configuration.usesSegments = segmentation
    configuration.user = user ?? (Privileges.isRoot && !isTrial ? "nobody" : nil)
  }

  /// Throws unless there is the user that the server is to become, before anything is made.
  func checkUser(of configuration: LiveServerConfiguration) throws {
    guard let user = configuration.user else { return }
    do { _ = try Privileges.account(of: user) } catch {
      throw ValidationError(
        "--user '\(user.printable)': \(self.user == nil ? "the default is not in /etc/passwd" : "/etc/passwd has no such user")"
          + "; a number need not be there")
    }
  }

  /// The groups' addresses, of the network that TFTP has; a server of every address of IPv6 has those of IPv4 too.
  func groups(for listen: Endpoint) throws -> GroupAddresses? {
    let isV6 = listen.host.v4 == nil && !listen.host.isUnspecified
    let group = group ?? (isV6 ? Self.usualGroupsV6 : Self.usualGroups)
    guard group != "none" else { return nil }
    let parts = group.split(separator: "-", omittingEmptySubsequences: false).map { HostAddress(String($0)) }
    guard 1...2 ~= parts.count, let first = parts[0], let last = parts[parts.count - 1], first <= last,
      let groups = GroupAddresses(first...last, port: groupPort)
    else {
      throw ValidationError(
        "--group '\(group.printable)' with --group-port \(groupPort): groups are multicast addresses, one or a range "
          + "like 239.192.0.1-239.192.0.254, and a port of 1 to 65535; or 'none'")
    }
    guard listen.host.v4 == nil && listen.host.isUnspecified || groups.reach(listen.host) else {
      throw ValidationError(
        "--group \(group.printable): a server at \(listen) cannot send to it; give groups of \(isV6 ? "IPv6" : "IPv4")")
    }
    return groups
  }

  /// What clients that have proved nothing get in a second: 2 % of the rate. Even at a low one a room can ask.
  private static func strangerBytes(at rate: UInt64) -> Int { max(100_000, Int(clamping: rate / 8 / 50)) }

  private func parsedRate() throws -> UInt64? {
    guard rate != "unlimited" else { return nil }
    switch Quantity.rate.parse(rate) {
    case .failure(let error):
      throw ValidationError("--rate: \(error.message)\(error.suggestion.map { "; did you mean '\($0)'?" } ?? "")")
    case .success(let rate):
      guard 10_000...1_000_000_000_000 ~= rate else {
        throw ValidationError("--rate '\(self.rate.printable)' is not in 10 kbit/s…1 Tbit/s; or 'unlimited'")
      }
      return rate
    }
  }

  private func parsedInterface(for listen: Endpoint) throws -> NetworkInterface? {
    guard let name = interface ?? (listen.host.isLoopback ? "lo" : nil) else { return nil }
    do { return try NetworkInterface(named: name) } catch {
      let nearest = Spelling.nearest(to: name, among: error.known).map { "; did you mean '\($0)'?" } ?? ""
      throw ValidationError(
        "--interface '\(name.printable)': there is none of this name; there are \(error.known.joined(separator: ", "))"
          + nearest)
    }
  }
}
