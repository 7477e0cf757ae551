import ArgumentParser
import BootService
import PromotionEngine
import Quantities
import Scenarios
import TFTPTransfer
import TFTPWire

/// What a server grants, and by which protocol.
struct ServeTerms: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take the protocol from this scenario's section 'protocol': what was tuned is what runs.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var scenario: String?

  @Option(help: "The largest block that is granted, in bytes, 8 to 65464. (default: 1468, or the scenario's)")
  var blksize: UInt32?

  @Option(help: "The largest window that is granted to a group, in blocks. (default: 16, or the scenario's)")
  var windowsize: UInt32?

  @Option(
    help: ArgumentHelp(
      "Promote devices that miss less than this, like '2 MiB'. (default: 0 B, nobody, or the scenario's)",
      valueName: "size"))
  var threshold: String?

  @Option(
    help: ArgumentHelp(
      "Serve a file by MTFTP (PXE 2.1) too: its group, the clients' port, and the server's port (default: 1759). Blocks have "
        + "512 bytes, or the scenario's if its mode is pxe-mtftp. May be repeated.", valueName: "file=group:port[,port]"
    ))
  var mtftp: [String] = []

  /// The largest block of a plain transfer or a group without a scenario: what one Ethernet frame takes.
  private static let usualBlockSize: UInt32 = 1468
  /// The window of groups without a scenario.
  private static let usualWindow: UInt32 = 16
  /// A plain client gets at least this window if it asks for one.
  private static let leastPlainWindow: UInt32 = 64

  func settings() throws -> BootServerSettings {
    var parameters = ProtocolParameters()
    parameters.blockSize = Self.usualBlockSize
    parameters.windowSize = Self.usualWindow
    parameters.wideBlockNumbers = true
    if let scenario { parameters = try Complaint.loadScenario(scenario).network.parameters }
    try apply(to: &parameters)
    var settings = BootServerSettings(parameters: parameters)
    settings.limits.largestBlock = blksize ?? max(Self.usualBlockSize, parameters.blockSize)
    settings.limits.largestWindow = max(Self.leastPlainWindow, parameters.windowSize)
    settings.mtftp = try mtftp.map { try MTFTPArgument.parse($0) }
    if scenario != nil, parameters.mode == .pxeMTFTP {
      for index in settings.mtftp.indices { settings.mtftp[index].blockSize = parameters.blockSize }
    }
    return settings
  }

  /// The scenario that the results are compared with; nil if none was named.
  func base() throws -> Scenario? { try scenario.map(Complaint.loadScenario) }

  private func apply(to parameters: inout ProtocolParameters) throws {
    if let blksize {
      guard TransferOption.blockSizes ~= blksize else {
        throw ValidationError("--blksize \(blksize) is not in 8…65464 (RFC 2348)")
      }
      parameters.blockSize = blksize
    }
    if let windowsize {
      guard TransferOption.windowSizes ~= windowsize else {
        throw ValidationError("--windowsize \(windowsize) is not in 1…65535 (RFC 7440)")
      }
      parameters.windowSize = windowsize
    }
    if let threshold {
      switch Quantity.size.parse(threshold) {
      case .success(let bytes): parameters.promotion.threshold = bytes
      case .failure(let error):
        throw ValidationError(
          "--threshold: \(error.message)\(error.suggestion.map { "; did you mean '\($0)'?" } ?? "")")
      }
    }
  }
}

/// The value of `--mtftp`.
enum MTFTPArgument {
  /// Reads `FILE=GROUP:CLIENTPORT[,SERVERPORT]`.
  static func parse(_ text: String) throws -> MTFTPFile {
    guard let equals = text.lastIndex(of: "="), equals > text.startIndex else { throw wrong(text) }
    let parts = text[text.index(after: equals)...].split(separator: ",", omittingEmptySubsequences: false)
    guard 1...2 ~= parts.count, let group = Endpoint(String(parts[0])), group.host.isGroup, group.port > 0 else {
      throw wrong(text)
    }
    var file = MTFTPFile(fileName: String(text[..<equals]), group: group)
    if parts.count == 2 {
      guard let port = UInt16(parts[1]), port > 0 else { throw wrong(text) }
      file.serverPort = port
    }
    return file
  }

  private static func wrong(_ text: String) -> ValidationError {
    ValidationError(
      "--mtftp '\(text.printable)' is not FILE=GROUP:CLIENTPORT[,SERVERPORT], like boot.img=239.192.8.1:1760,1759")
  }
}
