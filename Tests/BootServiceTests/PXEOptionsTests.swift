import BootService
import TestSupport
import Testing

@Suite("What DHCP says of MTFTP")
struct PXEOptionsTests {
  private let options = PXEOptions(
    server: HostAddress(192, 0, 2, 1),
    file: MTFTPFile(
      fileName: "boot.0", group: Endpoint(host: HostAddress(239, 192, 8, 1), port: 1760), serverPort: 1759),
    listenSeconds: 3, reopenSeconds: 4)

  @Test("dnsmasq gets the six sub-options, ports with the low byte first")
  func dnsmasq() {
    expect(
      options.dnsmasq.split(separator: "\n").dropFirst(),
      equals: [
        "dhcp-boot=boot.0,,192.0.2.1", "dhcp-option=vendor:PXEClient,1,239.192.8.1",
        "dhcp-option=vendor:PXEClient,2,e0:06", "dhcp-option=vendor:PXEClient,3,df:06",
        "dhcp-option=vendor:PXEClient,4,3b", "dhcp-option=vendor:PXEClient,5,4b",
        "dhcp-option=vendor:PXEClient,6,8b",
      ])
  }

  @Test("ISC's server gets the same")
  func isc() {
    for line in [
      "option PXE.mtftp-ip 239.192.8.1;", "option PXE.mtftp-cport e0:06;", "option PXE.mtftp-sport df:06;",
      "option PXE.mtftp-tmout 3;", "option PXE.mtftp-delay 4;", "option PXE.discovery-control 8;",
      "filename \"boot.0\";", "next-server 192.0.2.1;",
    ] { #expect(options.isc.contains("  \(line)\n")) }
  }
}
