import ArgumentParser
import BootService
import Quantities
import Timebase

/// `gapcast dhcp-options`: how MTFTP is announced.
struct DHCPOptionsCommand: ParsableCommand {
  /// Whose configuration is printed.
  enum Server: String, CaseIterable, ExpressibleByArgument {
    case dnsmasq, isc
  }

  static let configuration = CommandConfiguration(
    commandName: "dhcp-options",
    abstract: "Print the lines by which a DHCP server tells PXE clients of a file that is served by MTFTP.",
    discussion: """
      They are the vendor options 1 to 6 of PXE 2.1: the group, the clients' and the server's port, how long a client \
      listens, and that it looks for no other server. One file can be announced: it is the boot file.

      Examples:
        gapcast dhcp-options 192.0.2.1 --mtftp boot.0=239.192.8.1:1760
        gapcast dhcp-options 192.0.2.1 --mtftp boot.0=239.192.8.1:1760 --for isc >> /etc/dhcp/dhcpd.conf
        gapcast serve /srv/tftp --mtftp boot.0=239.192.8.1:1760
      """)

  @Argument(help: "The IPv4 address of the boot server.")
  var server: String

  // Only a list knows that it was given twice.
  @Option(
    help: ArgumentHelp("The boot file, as 'gapcast serve' has it. Once.", valueName: "file=group:port[,port]"))
  var mtftp: [String]

  @Option(name: .customLong("for"), help: "The DHCP server: dnsmasq or isc.")
  var kind = Server.dnsmasq

  @Option(help: "Take listen_delay and reopen_delay from this scenario's section 'protocol'.", completion: .file())
  var scenario: String?

  func validate() throws {
    guard mtftp.count == 1 else {
      throw ValidationError("--mtftp is given \(mtftp.count) times: one file can be announced, the boot file")
    }
  }

  func run() throws {
    let mtftp = self.mtftp[0]
    guard let address = HostAddress(server), address.v4 != nil, !address.isGroup, !address.isUnspecified else {
      throw ValidationError("'\(server.printable)' is no IPv4 address of a server, like 192.0.2.1")
    }
    let file = try MTFTPArgument.parse(mtftp)
    guard file.group.host.v4 != nil else { throw ValidationError("--mtftp \(mtftp.printable): PXE knows IPv4 alone") }
    // What would end a string or a line of a configuration cannot be in a name there.
    guard file.fileName.utf8.allSatisfy({ 0x21...0x7E ~= $0 && $0 != 0x22 && $0 != 0x2C && $0 != 0x5C }) else {
      throw ValidationError(
        "--mtftp \(mtftp.printable): the file's name may have no space, comma, quote or backslash")
    }
    var options = PXEOptions(server: address, file: file)
    if let scenario {
      let parameters = try Complaint.loadScenario(scenario).network.parameters
      options.listenSeconds = Self.seconds(parameters.listenDelay)
      options.reopenSeconds = Self.seconds(parameters.reopenDelay)
    }
    print(kind == .isc ? options.isc : options.dnsmasq, terminator: "")
  }

  /// Whole seconds, rounded up, as one byte.
  private static func seconds(_ time: Nanoseconds) -> UInt8 {
    UInt8(clamping: (time.count + 999_999_999) / 1_000_000_000)
  }
}
