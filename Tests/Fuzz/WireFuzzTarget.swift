// Compiled into one module with Sources/TFTPWire by fuzz-wire.sh.

/// What libFuzzer calls with its bytes; the first chooses the width of block numbers.
///
/// A trap, an error of the address sanitizer or a broken property ends the program, which is how libFuzzer learns of it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = UnsafeBufferPointer(start: start, count: count)
  guard let first = input.first else { return 0 }
  checkReading(Array(input.dropFirst()), first & 1 == 0 ? .bits16 : .bits32)
  return 0
}

private func checkReading(_ bytes: [UInt8], _ width: BlockNumberWidth) {
  let outcome = read(bytes, width)
  let fromSpan = Result { () throws(WireError) in try Packet(decoding: bytes.span.bytes, blockNumbers: width) }
  precondition(fromSpan == outcome, "array and span are read differently")
  switch outcome {
  case .failure(let error):
    precondition(0...bytes.count ~= error.offset, "the error lies outside the packet: \(error)")
  case .success(let packet):
    checkWriting(packet, width)
  }
}

private func checkWriting(_ packet: Packet, _ width: BlockNumberWidth) {
  do {
    let written = try packet.encoded(blockNumbers: width)
    precondition(written.count == packet.encodedLength(blockNumbers: width), "the length is not that of the bytes")
    precondition(read(written, width) == .success(packet), "the packet does not come back from its bytes")
  } catch {
    fatalError("a packet that was read can't be written: \(error)")
  }
}

private func read(_ bytes: [UInt8], _ width: BlockNumberWidth) -> Result<Packet, WireError> {
  Result { () throws(WireError) in try Packet(decoding: bytes, blockNumbers: width) }
}
