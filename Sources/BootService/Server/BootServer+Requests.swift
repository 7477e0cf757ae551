import BlockTransfer
import PromotionEngine
import TFTPTransfer
import TFTPWire
import Timebase

// Requests: who gets what. A request is judged in this order: is it a report, or a repeat; is there such a file; is
// multicast asked for, and to be had; and else what a plain transfer is granted.
extension BootServer {
  mutating func take(
    _ request: ReadRequest, from client: Client, at now: Nanoseconds, finding find: (String) -> FoundFile,
    into effects: inout [BootServerEffect]
  ) {
    if case .mtftp(let port) = client.local.service {
      return open(request, from: client, on: port, at: now, finding: find, into: &effects)
    }
    if case .report(let report) = request.options.promotion {
      return take(report, from: client, at: now, into: &effects)
    }
    if case .transfer(let id) = peers[client], transfers[id]?.request == request,
      takeRepeat(in: id, at: now, into: &effects)
    {
      return
    }
    guard mayBegin(client) else { return effects.append(.event(.stray(client.endpoint), at: now)) }
    let found = find(request.fileName)
    // The file is used while the request is judged, so that leaving what the client had of it does not close it.
    if case .found(let file, _) = found { retain(file) }
    defer { if case .found(let file, _) = found { release(file, into: &effects) } }
    if joins(request, found, from: client, at: now, into: &effects) { return }
    leave(client, at: now, into: &effects)
    switch Negotiation(request, for: found.requested, under: limits(for: request)) {
    case .refused(let refusal): refuse(client, request, refusal.code, refusal.words, at: now, into: &effects)
    case .accepted(let terms):
      guard case .found(let file, _) = found else { return }
      begin(request, terms, of: file, to: client, at: now, into: &effects)
    }
  }

  /// What a plain transfer is granted at most: the larger the blocks, the fewer in a window.
  private func limits(for request: ReadRequest) -> TransferLimits {
    var limits = settings.limits
    let blockSize = min(limits.largestBlock, request.options.blockSize ?? TransferTerms.plainBlockSize)
    limits.largestWindow = min(limits.largestWindow, max(1, settings.mostWindowBytes / max(1, blockSize)))
    return limits
  }

  /// A gap report (R10). It is answered in the group that its device is in. A server that does not know the device, since
  /// it was started anew, has no group for it either: the device must ask again.
  private mutating func take(
    _ report: GapReport, from client: Client, at now: Nanoseconds, into effects: inout [BootServerEffect]
  ) {
    guard case .member(let device, let group) = peers[client] else {
      effects.append(.event(.stray(client.endpoint), at: now))
      return refuse(client, .unknownTransfer, ErrorCode.unknownTransfer.words, at: now, into: &effects)
    }
    effects.append(.event(.reported(device, of: group, report), at: now))
    pass(.report(report), from: device, of: group, at: now, into: &effects)
  }

  /// Makes the client a device of a group, if it asks for one and there can be one.
  ///
  /// - Returns: false if the client is to be served alone. An OACK without `multicast` says so to it (RFC 2347).
  private mutating func joins(
    _ request: ReadRequest, _ found: FoundFile, from client: Client, at now: Nanoseconds,
    into effects: inout [BootServerEffect]
  ) -> Bool {
    guard case .found(let file, let size) = found, request.mode == .octet,
      let proposal = Proposal(request.options), settings.groups?.reach(client.endpoint.host) == true
    else { return false }
    let key = GroupKey(local: client.local, file: file, terms: GroupTerms(proposal, under: settings.parameters))
    guard TransferOption.blockSizes ~= key.terms.blockSize, let layout = key.terms.layout(ofSize: size) else {
      return false
    }
    let knowsPromotion = settings.parameters.speaksPromotion && proposal.options.contains(.promotion)
    if case .member(let device, let group) = peers[client], groupOfKey[key] == group {
      groups[group]?[device].asksForPromotion = knowsPromotion
      effects.append(.event(.askedAgain(device, of: group), at: now))
      pass(.request(proposal), from: device, of: group, at: now, into: &effects)
      return true
    }
    guard let group = groupOfKey[key] ?? open(key, layout, fileName: request.fileName, at: now, into: &effects),
      let members = groups[group]?.members.count, members < settings.mostDevices
    else { return false }
    leave(client, at: now, into: &effects)
    let device = enroll(client, in: group, knowsPromotion: knowsPromotion, at: now, into: &effects)
    pass(.request(proposal), from: device, of: group, at: now, into: &effects)
    return true
  }

  /// Ends what a client had: it asks for something else.
  private mutating func leave(_ client: Client, at now: Nanoseconds, into effects: inout [BootServerEffect]) {
    switch peers[client] {
    case .transfer(let id): replace(transfer: id, at: now, into: &effects)
    case .member(let device, let group):
      remove(device, of: group, .askedForOther, saying: .undefined, at: now, into: &effects)
    case nil: return
    }
  }

  /// Answers a request by ERROR. It is shorter than most requests, so it is no weapon.
  mutating func refuse(
    _ client: Client, _ request: ReadRequest, _ code: ErrorCode, _ words: String, at now: Nanoseconds,
    into effects: inout [BootServerEffect]
  ) {
    effects.append(
      .event(.refused(client.endpoint, fileName: request.fileName, code, reason: words), at: now))
    sendError(code, words, to: client, into: &effects)
  }
}
