import BlockTransfer
import PromotionEngine
import TFTPTransfer
import TFTPWire
import Timebase

// A device that cannot hear its group: iPXE's `tftm:` with the ROMs that are shipped. It goes on asking for block 1,
// whatever the group is sent, and takes DATA by unicast for an answer. Such a device is served alone: it would drive the
// session nowhere, or never be one of those that wait.
extension BootServer {
  /// So many asks for block 1 in a row, after the first, tell that a device is deaf. Losing block 1 as often is rare.
  private static let mostDeafAsks: UInt8 = 2
  /// An ACK(0) so soon after an OACK acknowledges the OACK (edk2 does so with every OACK), and asks for nothing.
  private static let acknowledgesWithin = Nanoseconds.milliseconds(200)

  /// Whether an ACK shows that its device does not hear the group. Only devices without `promotion` are judged: one with
  /// it asks in other ways when it hears nothing.
  mutating func isDeaf(_ device: DeviceID, of id: GroupID, acknowledging block: BlockNumber, at now: Nanoseconds)
    -> Bool
  {
    guard let member = groups[id]?.member(device), groups[id]?.local.service == .tftp else { return false }
    guard block == 0, !member.asksForPromotion else {
      if member.deafAsks > 0 { groups[id]?[device].deafAsks = 0 }
      return false
    }
    guard groups[id]?.hasSentData == true, now >= member.answeredAt.later(by: Self.acknowledgesWithin) else {
      return false
    }
    groups[id]?[device].deafAsks = member.deafAsks + 1
    return member.deafAsks + 1 > Self.mostDeafAsks
  }

  /// Serves a device by unicast from now on. What it was granted holds, but for the group.
  mutating func serveAlone(
    _ device: DeviceID, of id: GroupID, at now: Nanoseconds, into effects: inout [BootServerEffect]
  ) {
    guard let group = groups[id], transfers.count < settings.mostTransfers else { return }
    let client = Client(endpoint: group[device].endpoint, local: group.local)
    var asked: TransferOptions = [.blockSize(group.key.terms.blockSize), .windowSize(group.key.terms.windowSize)]
    if group.key.terms.wideBlockNumbers { asked.append(.wideBlockNumbers) }
    var limits = settings.limits
    limits.largestBlock = max(limits.largestBlock, group.key.terms.blockSize)
    limits.largestWindow = max(limits.largestWindow, group.key.terms.windowSize)
    guard let terms = TransferTerms(asked: asked, size: group.layout.size, under: limits) else { return }
    // The transfer takes the file before the group may give it back.
    retain(group.key.file)
    remove(device, of: id, .servedAlone, saying: .undefined, at: now, into: &effects)
    let request = ReadRequest(fileName: group.context.fileName, options: Options(asked.list))
    _ = beginAccepted(request, terms, of: group.key.file, to: client, at: now, into: &effects)
    release(group.key.file, into: &effects)
  }
}
