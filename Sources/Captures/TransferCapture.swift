/// The DATA that a capture has of a multicast transfer by TFTP (RFC 2090) or MTFTP.
///
/// Of several transfers it is the one with the most DATA.
package struct TransferCapture: Sendable {
  /// The group of the transfer.
  package let group: Group
  /// Its DATA in the order of the capture.
  package let packets: [TransferPacket]
  /// Whether block numbers have 32 bits.
  package let isWide: Bool
  /// The other groups that were sent DATA, with how much.
  package let others: [(group: Group, packets: Int)]
  /// Whether the file ends within a frame.
  package let isCut: Bool

  /// The longest UDP payload of one frame of an Ethernet: an IP packet of 1500 bytes.
  private static let longestPayload: UInt16 = 1472

  /// What frames were, for a message.
  private struct Seen {
    var frames = 0
    var udp = 0
    var toGroups = 0
    var cut = 0
    var ipv6 = 0
    var fragments: [UInt32: Int] = [:]
    var unknownLink: UInt16?
  }

  /// A sender and its group.
  private struct Flow: Hashable, Comparable {
    let source: UInt32
    let address: UInt32
    let port: UInt16

    static func < (left: Flow, right: Flow) -> Bool {
      (left.address, left.port, left.source) < (right.address, right.port, right.source)
    }

    var group: Group { Group(address: address, port: port) }
  }

  /// Whether a file that begins so is a capture.
  package static func isForm(of start: [UInt8]) -> Bool {
    let magics: [UInt32] = [0xA1B2_C3D4, 0xD4C3_B2A1, 0xA1B2_3C4D, 0x4D3C_B2A1, 0x0A0D_0D0A]
    return start[...].big32(0).map(magics.contains) ?? false
  }

  /// Reads a capture from its first frame to its last.
  ///
  /// - Parameter group: the group of the transfer; nil for any.
  package init(_ source: ByteSource, group wanted: Group? = nil) throws(CaptureError) {
    if var reader = try PcapngReader(source) {
      try self.init(&reader, wanted)
    } else if var reader = try PcapReader(source) {
      try self.init(&reader, wanted)
    } else {
      throw CaptureError("the file is not a capture in the format pcap or pcapng")
    }
  }

  private init(_ reader: inout some FrameReader, _ wanted: Group?) throws(CaptureError) {
    var flows: [Flow: [TransferPacket]] = [:]
    var seen = Seen()
    var saysWide = false
    while let frame = try reader.next() {
      seen.frames += 1
      switch Datagram(frame) {
      case .udp(let datagram):
        seen.udp += 1
        saysWide = saysWide || Self.agreesOnWideNumbers(datagram.payload)
        guard datagram.isToGroup else { continue }
        seen.toGroups += 1
        let flow = Flow(
          source: datagram.source, address: datagram.destination, port: datagram.destinationPort)
        guard wanted?.contains(flow.group) ?? true, datagram.length >= 4 else { continue }
        guard let opcode = datagram.payload.big16(0), let number = datagram.payload.big16(2) else {
          seen.cut += 1
          continue
        }
        guard opcode == 3 else { continue }
        let word = UInt32(number) << 16 | UInt32(datagram.payload.big16(4) ?? 0)
        flows[flow, default: []].append(
          TransferPacket(
            time: frame.time, word: word, identification: datagram.identification,
            length: datagram.length))
      case .fragment(let address): if Datagram.isGroup(address) { seen.fragments[address, default: 0] += 1 }
      case .cut: seen.cut += 1
      case .ipv6: seen.ipv6 += 1
      case .unknownLink(let type): seen.unknownLink = type
      case .other: break
      }
    }
    let ranked = flows.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
    guard let first = ranked.first, seen.fragments[first.key.address] == nil else { throw Self.nothing(seen, wanted) }
    if let longest = first.value.map(\.length).max(), longest > Self.longestPayload { throw Self.beyondAFrame(longest) }
    group = first.key.group
    packets = first.value
    others = ranked.dropFirst().map { ($0.key.group, $0.value.count) }
    isCut = reader.isCut
    // A block number of 32 bits looks like block 0 of 16 bits, which is rare: none is sent before block 65 535.
    let zeros = packets.count { $0.word >> 16 == 0 }
    isWide = saysWide || 2 * zeros > packets.count && packets.count > 2
  }

  /// Whether a request or its answer has the option `blocknumbers` with the value 32 (R21).
  private static func agreesOnWideNumbers(_ payload: ArraySlice<UInt8>) -> Bool {
    guard let opcode = payload.big16(0), opcode == 6 else { return false }
    let words = payload.dropFirst(2).split(separator: 0, omittingEmptySubsequences: false)
    guard let name = words.firstIndex(where: { $0.elementsEqual("blocknumbers".utf8) }) else { return false }
    return name + 1 < words.count && words[name + 1].elementsEqual("32".utf8)
  }

  private static func beyondAFrame(_ payload: UInt16) -> CaptureError {
    CaptureError(
      "DATA to the group takes an IP packet of \(UInt32(payload) + 28) bytes, more than the 1500 of a frame: fragments are "
        + "lost one by one, so that the share of lost blocks is not that of lost frames; measure with a blksize of at most "
        + "1468 bytes, where a block is one frame (a sender's capture also has such packets if its network card divides them)"
    )
  }

  private static func nothing(_ seen: Seen, _ wanted: Group?) -> CaptureError {
    if !seen.fragments.isEmpty {
      return CaptureError(
        "datagrams to the group are cut into fragments, of which any may be lost; measure with a blksize of at most 1468 "
          + "bytes, where a block is one frame")
    }
    if seen.frames > 0, let type = seen.unknownLink {
      let hint = [105, 119, 127, 163].contains(type) ? " (a monitor of a Wi-Fi: capture at the interface itself)" : ""
      return CaptureError(
        "frames of the link type \(type) are not read\(hint); capture from an Ethernet, or with '-i any'")
    }
    if seen.cut > 0 {
      return CaptureError(
        "\(seen.cut) frames are cut off before the block number; capture at least 128 bytes of each ('-s 128')")
    }
    let to = wanted.map { " to \($0)" } ?? " to a group"
    let ipv6 = seen.ipv6 > 0 ? ", \(seen.ipv6) are of IPv6, which is not read" : ""
    return CaptureError(
      "there is no DATA of TFTP\(to) in it: of \(seen.frames) frames \(seen.udp) are UDP, \(seen.toGroups) of them to a "
        + "group\(ipv6)")
  }
}
