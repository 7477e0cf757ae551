/// The first two bytes of a packet (RFC 1350 §5, RFC 2347). The project has no write requests (2).
enum Opcode: UInt16 {
  case readRequest = 1
  case data = 3
  case acknowledgment = 4
  case error = 5
  case optionAcknowledgment = 6

  /// The bytes that an opcode takes.
  static let byteCount = 2

  init(decoding bytes: RawSpan) throws(WireError) {
    let number = try bytes.bigEndian16(at: 0)
    guard let opcode = Opcode(rawValue: number) else { throw WireError(.unsupportedOpcode(number), at: 0) }
    self = opcode
  }
}
