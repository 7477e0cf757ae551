import Timebase

/// A window of packets on its way through ports that are idle before it comes (N2, N10–N12), for advice: what the ports
/// and a buffer on the way surely drop of it.
public struct WindowPassage: Sendable {
  private struct Frame {
    let packet: Int
    let bytes: UInt64
    /// When it comes to the next port.
    var time = Nanoseconds.zero
  }

  private let payloads: [UInt64]
  /// The frames of each packet.
  private let framesOfPacket: [Int]
  /// The frames that have got this far.
  private var underWay: [Frame] = []

  /// The packets with these UDP payloads, which the server hands over at once.
  public init(payloads: [UInt64], mtu: UInt32) {
    self.payloads = payloads
    let framing = Framing(mtu: mtu)
    let sizes = payloads.map { framing.frames(ofPayload: $0) }
    framesOfPacket = sizes.map(\.count)
    for (packet, sizes) in sizes.enumerated() {
      for frame in 0..<sizes.count { underWay.append(Frame(packet: packet, bytes: sizes.bytes(of: frame))) }
    }
  }

  /// How many of its frames have got this far.
  public var frames: Int { underWay.count }

  /// Sends it through a port. Returns how many frames find the queue full.
  public mutating func pass(bitsPerSecond: UInt64, queue: Int?) -> Int {
    var port = Port(bitsPerSecond: bitsPerSecond, queueLimit: queue)
    let before = frames
    underWay = underWay.compactMap { frame in
      var frame = frame
      guard let departure = port.offer(bytes: frame.bytes, kind: .unicastData, at: frame.time) else { return nil }
      frame.time = departure
      return frame
    }
    return before - frames
  }

  /// How many packets that have got this far whole find no room in an empty buffer.
  public func overruns(of receiver: ReceiverBuffer) -> Int {
    var buffer = ReceiveBuffer(receiver)
    var (packet, arrived, overruns) = (-1, 0, 0)
    for frame in underWay {
      arrived = frame.packet == packet ? arrived + 1 : 1
      packet = frame.packet
      guard arrived == framesOfPacket[packet] else { continue }
      if buffer.take(payload: payloads[packet], at: frame.time) == nil { overruns += 1 }
    }
    return overruns
  }
}
