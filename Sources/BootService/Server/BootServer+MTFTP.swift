import BlockTransfer
import PromotionEngine
import TFTPTransfer
import TFTPWire
import Timebase

// PXE's MTFTP (R17–R20): files, groups and ports are configured. An open is a request without options to a server port; a
// group is kept from the first open of its file on.
extension BootServer {
  /// An open (R17). It names its file, so that several files may have one port.
  mutating func open(
    _ request: ReadRequest, from client: Client, on port: UInt16, at now: Nanoseconds,
    finding find: (String) -> FoundFile, into effects: inout [BootServerEffect]
  ) {
    guard let entry = settings.mtftp.first(where: { $0.serverPort == port && $0.isNamed(request.fileName) }) else {
      return refuse(client, request, .fileNotFound, "not served by MTFTP", at: now, into: &effects)
    }
    guard mayBegin(client) else { return effects.append(.event(.stray(client.endpoint), at: now)) }
    let found = find(entry.fileName)
    if case .found(let file, _) = found { retain(file) }
    defer { if case .found(let file, _) = found { release(file, into: &effects) } }
    switch Negotiation(ReadRequest(fileName: request.fileName, mode: request.mode), for: found.requested) {
    case .refused(let refusal): refuse(client, request, refusal.code, refusal.words, at: now, into: &effects)
    case .accepted:
      guard case .found(let file, let size) = found,
        let group = group(of: entry, at: client.local, file, size: size, at: now, into: &effects)
      else {
        return refuse(client, request, .undefined, "the file needs larger blocks", at: now, into: &effects)
      }
      guard let device = member(client, of: group, at: now, into: &effects) else {
        return refuse(client, request, .undefined, "the group is full", at: now, into: &effects)
      }
      guard mayAsk(0, device, of: group) else { return }
      pass(.open, from: device, of: group, at: now, into: &effects)
    }
  }

  /// An ACK of somebody who has sent no open: a passive device that has become smart asks for a block (R14, R19). It is
  /// heard if its port has but one file, so that it is known which one it means, and if strangers may be answered.
  mutating func takeUnannounced(
    _ block: BlockNumber, from client: Client, at now: Nanoseconds, into effects: inout [BootServerEffect]
  ) {
    let candidates = groups.filter { $0.value.local == client.local }
    guard settings.parameters.speaksPromotion, candidates.count == 1, mayBegin(client),
      let group = candidates.first?.key,
      strangers.allowsError(at: now), let device = member(client, of: group, at: now, into: &effects)
    else { return answerStranger(client, .acknowledgment(block), at: now, into: &effects) }
    take(.acknowledgment(block), from: device, of: group, at: now, into: &effects)
  }

  /// The group of a file, opened if it is not there. If the file has changed, the old group is ended.
  private mutating func group(
    of entry: MTFTPFile, at local: LocalEnd, _ file: FileID, size: UInt64, at now: Nanoseconds,
    into effects: inout [BootServerEffect]
  ) -> GroupID? {
    let terms = GroupTerms(blockSize: entry.blockSize, windowSize: 1, wideBlockNumbers: false)
    let key = GroupKey(local: local, file: file, terms: terms)
    if let group = groupOfKey[key] { return group }
    guard let layout = terms.layout(ofSize: size) else { return nil }
    let old = groups.filter { $0.value.local == local && $0.value.address == entry.group }.keys.sorted()
    for group in old { cancel(group: group, saying: "the file has changed", at: now, into: &effects) }
    var parameters = settings.parameters
    parameters.mode = .pxeMTFTP
    parameters.blockSize = terms.blockSize
    parameters.windowSize = terms.windowSize
    parameters.wideBlockNumbers = terms.wideBlockNumbers
    let context = WireContext(
      fileName: entry.fileName, groupAddress: entry.group.host.description, groupPort: entry.group.port,
      parameters: parameters)
    return add(
      ServedGroup(
        key: key, address: entry.group, context: context, layout: layout, mostDevices: settings.mostDevices, at: now),
      at: now, into: &effects)
  }

  /// The number of a client in a group; nil if the group is full.
  private mutating func member(
    _ client: Client, of group: GroupID, at now: Nanoseconds, into effects: inout [BootServerEffect]
  ) -> DeviceID? {
    if case .member(let device, let own) = peers[client] {
      if own == group { return device }
      remove(device, of: own, .askedForOther, saying: .undefined, at: now, into: &effects)
    }
    guard let members = groups[group]?.members.count, members < settings.mostDevices else { return nil }
    return enroll(
      client, in: group, knowsPromotion: settings.parameters.speaksPromotion, at: now, into: &effects)
  }
}

extension MTFTPFile {
  /// Whether an open means this file. A leading `/` makes no difference.
  fileprivate func isNamed(_ name: String) -> Bool {
    name.drop { $0 == "/" } == fileName.drop { $0 == "/" }
  }
}
