/// What a DHCP server tells PXE clients so that they fetch their boot file by MTFTP: the sub-options 1 to 6 of option 43
/// (PXE 2.1, "PXE Client Vendor Options").
public struct PXEOptions: Hashable, Sendable {
  /// Where the boot file comes from.
  public var server: HostAddress
  /// The boot file, its group, and the ports.
  public var file: MTFTPFile
  /// How many seconds a client listens for the group before it opens a transfer (sub-option 4).
  public var listenSeconds: UInt8
  /// How many seconds it listens before it opens a transfer once more (sub-option 5).
  public var reopenSeconds: UInt8

  /// Sub-option 6: take the boot file that the offer names, and look for no other server. UEFI throws an offer with
  /// other PXE sub-options away if this one is missing.
  static let discoveryControl: UInt8 = 1 << 3

  /// The options of a file.
  public init(server: HostAddress, file: MTFTPFile, listenSeconds: UInt8 = 2, reopenSeconds: UInt8 = 2) {
    self.server = server
    self.file = file
    self.listenSeconds = listenSeconds
    self.reopenSeconds = reopenSeconds
  }

  /// Lines for `dnsmasq.conf`.
  public var dnsmasq: String {
    """
    # \(file.fileName) by MTFTP to PXE clients. Ports are in Intel's order of bytes.
    dhcp-boot=\(file.fileName),,\(server)
    dhcp-option=vendor:PXEClient,1,\(file.group.host)
    dhcp-option=vendor:PXEClient,2,\(Self.bytes(file.group.port))
    dhcp-option=vendor:PXEClient,3,\(Self.bytes(file.serverPort))
    dhcp-option=vendor:PXEClient,4,\(listenSeconds)b
    dhcp-option=vendor:PXEClient,5,\(reopenSeconds)b
    dhcp-option=vendor:PXEClient,6,\(Self.discoveryControl)b

    """
  }

  /// Lines for the `dhcpd.conf` of ISC DHCP.
  public var isc: String {
    """
    # \(file.fileName) by MTFTP to PXE clients. Ports are in Intel's order of bytes, so they are strings.
    option space PXE;
    option PXE.mtftp-ip code 1 = ip-address;
    option PXE.mtftp-cport code 2 = string;
    option PXE.mtftp-sport code 3 = string;
    option PXE.mtftp-tmout code 4 = unsigned integer 8;
    option PXE.mtftp-delay code 5 = unsigned integer 8;
    option PXE.discovery-control code 6 = unsigned integer 8;
    class "PXEClient" {
      match if substring(option vendor-class-identifier, 0, 9) = "PXEClient";
      option vendor-class-identifier "PXEClient";
      vendor-option-space PXE;
      next-server \(server);
      filename "\(file.fileName)";
      option PXE.mtftp-ip \(file.group.host);
      option PXE.mtftp-cport \(Self.bytes(file.group.port));
      option PXE.mtftp-sport \(Self.bytes(file.serverPort));
      option PXE.mtftp-tmout \(listenSeconds);
      option PXE.mtftp-delay \(reopenSeconds);
      option PXE.discovery-control \(Self.discoveryControl);
    }

    """
  }

  /// A port as two bytes, the low one first, as `e0:06`.
  private static func bytes(_ port: UInt16) -> String { "\(hex(UInt8(port & 0xFF))):\(hex(UInt8(port >> 8)))" }

  private static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}
