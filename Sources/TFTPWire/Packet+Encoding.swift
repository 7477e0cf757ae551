extension Packet {
  /// Appends the packet's bytes. On an error it appends nothing.
  ///
  /// It writes names and words in lower case, and numbers without leading zeros, whatever was read.
  public func encode(blockNumbers width: BlockNumberWidth, into buffer: inout [UInt8]) throws(WireError) {
    try check(blockNumbers: width)
    write(blockNumbers: width, to: &buffer)
  }

  /// The packet's bytes.
  public func encoded(blockNumbers width: BlockNumberWidth) throws(WireError) -> [UInt8] {
    var bytes: [UInt8] = []
    try encode(blockNumbers: width, into: &bytes)
    return bytes
  }

  /// How many bytes ``encode(blockNumbers:into:)`` appends. It counts them without writing.
  public func encodedLength(blockNumbers width: BlockNumberWidth) -> Int {
    var counter = ByteCounter()
    write(blockNumbers: width, to: &counter)
    return counter.count
  }

  private func write(blockNumbers width: BlockNumberWidth, to sink: inout some ByteSink) {
    switch self {
    case .readRequest(let request):
      sink.append(Opcode.readRequest.rawValue)
      sink.append(terminated: request.fileName)
      sink.append(terminated: request.mode.rawValue)
      request.options.write(to: &sink)
    case .data(let block, let payload):
      DataHeader(block: block).write(blockNumbers: width, to: &sink)
      sink.append(payload: payload)
    case .acknowledgment(let block):
      sink.append(Opcode.acknowledgment.rawValue)
      sink.append(block, width: width)
    case .error(let code, let message):
      sink.append(Opcode.error.rawValue)
      sink.append(code.rawValue)
      sink.append(terminated: message)
    case .optionAcknowledgment(let options):
      sink.append(Opcode.optionAcknowledgment.rawValue)
      options.write(to: &sink)
    }
  }

  /// A packet that is written must read back as the same packet.
  private func check(blockNumbers width: BlockNumberWidth) throws(WireError) {
    switch self {
    case .readRequest(let request):
      try request.fileName.checkWritable(at: Opcode.byteCount)
      let optionsStart = Opcode.byteCount + request.fileName.utf8.count + request.mode.rawValue.utf8.count + 2
      try request.options.check(at: optionsStart)
      let limit = ReadRequest.maximumByteCount
      guard encodedLength(blockNumbers: width) <= limit else { throw WireError(.tooLong(limit: limit), at: limit) }
    case .data(let block, let payload):
      try width.check(block)
      let limit = DataHeader.encodedLength(blockNumbers: width) + DataHeader.maximumPayload
      guard payload.count <= DataHeader.maximumPayload else { throw WireError(.tooLong(limit: limit), at: limit) }
    case .acknowledgment(let block):
      try width.check(block)
    case .error(_, let message):
      try message.checkWritable(at: Opcode.byteCount + 2)
    case .optionAcknowledgment(let options):
      try options.check(at: Opcode.byteCount)
    }
  }
}

extension String {
  /// A string can be written if it is ASCII and has no NUL inside.
  func checkWritable(at offset: Int) throws(WireError) {
    if let index = utf8.firstIndex(where: { !(1...0x7F ~= $0) }) {
      throw WireError(.notASCII, at: offset + utf8.distance(from: utf8.startIndex, to: index))
    }
  }
}
