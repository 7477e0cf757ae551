import ArgumentParser
import BootService
import LiveTransport
import PromotionEngine
import Quantities
import Scenarios
import TFTPWire
import Timebase

/// What a download asks for, and on which interface.
struct FetchTerms: ParsableArguments {
  /// The names of `ClientMode` on the command line.
  enum Mode: String, CaseIterable, ExpressibleByArgument {
    case auto, promotion, rfc2090, tftp, mtftp
  }

  @Option(
    help: """
      How the file comes: auto (whatever the server grants), promotion, rfc2090 (multicast without promotion), tftp \
      (unicast), or mtftp (PXE's multicast, which needs --group and --size).
      """)
  var mode = Mode.auto

  @Option(help: "The interface on which groups are joined. The one that leads to the server, if not given.")
  var interface: String?

  @Option(help: "Take the protocol's settings from this scenario's section 'protocol'.", completion: .file())
  var scenario: String?

  @Option(help: "Bytes of a block, 8 to 65464. The server may grant less.")
  var blksize: UInt32?

  @Option(help: "Blocks for one acknowledgment, 1 to 65535. The server may grant less.")
  var windowsize: UInt32?

  @Option(help: "How long an answer is waited for, like '1 s'.")
  var timeout: String?

  @Option(help: "The group and the port of its clients, ADDRESS:PORT, for --mode mtftp.")
  var group: String?

  @Option(help: "The bytes of the file: for --mode mtftp, and for servers of RFC 2090 that do not tell it.")
  var size: UInt64?

  func plan(for address: TFTPAddress, digest: String?) throws -> DownloadPlan {
    let parameters = try parameters()
    do {
      let server = Endpoint(host: try HostName.resolve(address.server), port: address.port)
      var plan = DownloadPlan(
        ClientSettings(
          server: server, fileName: address.file, mode: try clientMode(), parameters: parameters, size: size))
      plan.digest = digest
      plan.interface = try interface.map(Self.networkInterface)
      return plan
    } catch let error as DownloadError {
      let failure = FetchFailure(error, for: DownloadPlan(ClientSettings(server: .any, fileName: address.file)))
      Complaint.say("error: \(failure.words)")
      throw failure.code
    }
  }

  /// The scenario that was named; nil if none was.
  func base() throws -> Scenario? { try scenario.map(Complaint.loadScenario) }

  private static func networkInterface(_ name: String) throws -> NetworkInterface {
    do {
      return try NetworkInterface(named: name)
    } catch let error {
      let nearest = Spelling.nearest(to: name, among: error.known).map { "; did you mean '\($0)'?" } ?? ""
      throw ValidationError(
        "there is no interface '\(name.printable)'; there are \(error.known.joined(separator: ", "))\(nearest)")
    }
  }

  private func clientMode() throws -> ClientMode {
    switch mode {
    case .auto: return .auto
    case .promotion: return .promotion
    case .rfc2090: return .rfc2090
    case .tftp: return .tftp
    case .mtftp:
      guard let group, let size else {
        throw ValidationError("--mode mtftp negotiates nothing; give --group ADDRESS:PORT and --size BYTES")
      }
      guard let endpoint = Endpoint(group), endpoint.host.isGroup else {
        throw ValidationError("--group '\(group.printable)' is no multicast address with a port, like 239.192.0.2:1760")
      }
      return .mtftp(MTFTPTerms(group: endpoint, size: size))
    }
  }

  private func parameters() throws -> ProtocolParameters {
    var parameters = ProtocolParameters()
    if let scenario { parameters = try Complaint.loadScenario(scenario).network.parameters }
    // PXE's MTFTP has the blocks of RFC 1350, unless both ends agree on others.
    if mode == .mtftp, scenario == nil { parameters.blockSize = 512 }
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
    if let timeout { try setTimeout(timeout, in: &parameters) }
    return parameters
  }

  /// The times of the protocol follow each other, so a longer timeout makes the others longer where they must be.
  private func setTimeout(_ text: String, in parameters: inout ProtocolParameters) throws {
    switch Quantity.time.parse(text) {
    case .failure(let error):
      let hint = error.suggestion.map { "; did you mean '\($0)'?" } ?? ""
      throw ValidationError("--timeout: \(error.message)\(hint)")
    case .success(let nanoseconds):
      guard 1_000_000...255_000_000_000 ~= nanoseconds else {
        throw ValidationError("--timeout '\(text.printable)' is not in 1 ms…255 s")
      }
      parameters.timeout = Nanoseconds(Int64(nanoseconds))
      let patience = parameters.timeout * (parameters.retries + 1)
      parameters.sessionTimeout = max(parameters.sessionTimeout, patience)
      parameters.groupTimeout = max(parameters.groupTimeout, parameters.sessionTimeout + .milliseconds(500))
    }
  }
}

extension Endpoint {
  /// No place in particular.
  fileprivate static var any: Endpoint { Endpoint(host: HostAddress(v4: 0), port: 0) }
}
