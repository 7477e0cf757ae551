/// What a device's own capture says about what it lost: gaps in the block numbers.
///
/// A server sends blocks in order, and goes back to repeat some. So a step forward by more than one block says how many
/// packets were lost between, and a step back, or none, that blocks were sent again. It cannot see a packet that was lost
/// right before the server went back, nor what was lost before the first packet or after the last one.
///
/// Only the first pass through the file counts. In a later one a server may send just what some device misses, and a gap in
/// the numbers is none in what was sent.
package struct ReceivedTransfer: Sendable {
  /// A server that goes back by more blocks begins another pass, and so does one that goes back from the end of the file:
  /// hardly any window is longer.
  private static let longestWindow = 256

  /// What became of the packets of the first pass.
  package let fates: PacketFates
  /// How often the server went back, or sent a block twice.
  package let repeats: Int
  /// The packets of later passes.
  package let omitted: Int

  /// - Throws: an error if there are more than `most` packets, lost ones included.
  package init(_ capture: TransferCapture, most: Int) throws(CaptureError) {
    let numbers = BlockNumbers(capture.packets, isWide: capture.isWide)
    let longest = capture.packets.lazy.map(\.length).max() ?? 0
    var fates = PacketFates()
    var repeats = 0
    var taken = 0
    for packet in capture.packets {
      var lost = 0
      if taken > 0 {
        let last = capture.packets[taken - 1]
        let isAtEnd = last.length < longest
        let distance = numbers.distance(
          from: last.block(isWide: capture.isWide), to: packet.block(isWide: capture.isWide), isAtEnd: isAtEnd)
        guard distance >= (isAtEnd ? 0 : -Self.longestWindow) else { break }
        if distance <= 0 { repeats += 1 }
        lost = max(0, distance - 1)
      }
      guard fates.packets + lost < most else {
        throw CaptureError("it tells of more than \(most) packets, lost ones included")
      }
      fates.append(lost: lost, thenReceivedAt: packet.time)
      taken += 1
    }
    self.fates = fates
    self.repeats = repeats
    omitted = capture.packets.count - taken
  }
}
