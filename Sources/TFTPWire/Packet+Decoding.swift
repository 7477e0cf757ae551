extension Packet {
  /// Reads a packet. The payload of DATA is copied once; ``DataHeader`` reads one without a copy.
  ///
  /// The bytes may be anything. The time is linear in their number.
  public init(decoding bytes: RawSpan, blockNumbers width: BlockNumberWidth) throws(WireError) {
    switch try Opcode(decoding: bytes) {
    case .readRequest:
      self = .readRequest(try ReadRequest(decoding: bytes))
    case .data:
      let header = try DataHeader(decoding: bytes, blockNumbers: width)
      self = .data(block: header.block, payload: bytes.copy(from: DataHeader.encodedLength(blockNumbers: width)))
    case .acknowledgment:
      self = .acknowledgment(try bytes.blockNumber(at: Opcode.byteCount, width: width))
      try bytes.expectEnd(at: Opcode.byteCount + width.byteCount)
    case .error:
      let code = ErrorCode(rawValue: try bytes.bigEndian16(at: Opcode.byteCount))
      var offset = Opcode.byteCount + 2
      let message = try bytes.stringField(at: &offset)
      try bytes.expectEnd(at: offset)
      self = .error(code: code, message: bytes.string(message))
    case .optionAcknowledgment:
      self = .optionAcknowledgment(try Options(decoding: bytes, at: Opcode.byteCount, areAsked: false))
    }
  }

  /// Reads a packet. The payload of DATA is a slice of `bytes` and not copied.
  public init(decoding bytes: [UInt8], blockNumbers width: BlockNumberWidth) throws(WireError) {
    let span = bytes.span.bytes
    guard try Opcode(decoding: span) == .data else {
      try self.init(decoding: span, blockNumbers: width)
      return
    }
    let header = try DataHeader(decoding: span, blockNumbers: width)
    self = .data(block: header.block, payload: bytes[DataHeader.encodedLength(blockNumbers: width)...])
  }
}

extension ReadRequest {
  fileprivate init(decoding bytes: RawSpan) throws(WireError) {
    let limit = Self.maximumByteCount
    guard bytes.byteCount <= limit else { throw WireError(.tooLong(limit: limit), at: limit) }
    var offset = Opcode.byteCount
    let fileName = try bytes.stringField(at: &offset)
    let mode = try bytes.stringField(at: &offset)
    guard let known = TransferMode.allCases.first(where: { bytes.spells($0.rawValue, mode) }) else {
      throw WireError(.unsupportedMode, at: mode.lowerBound)
    }
    self.init(
      fileName: bytes.string(fileName),
      mode: known,
      options: try Options(decoding: bytes, at: offset, areAsked: true)
    )
  }
}
