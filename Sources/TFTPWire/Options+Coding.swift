extension Options {
  /// Reads options from `start` to the end of the packet.
  ///
  /// - Parameter areAsked: whether a client asks for them. Then a value that cannot be had is left out, or replaced by the
  ///   nearest one below: see ``TransferOption/init(asking:value:in:)``.
  init(decoding bytes: RawSpan, at start: Int, areAsked: Bool) throws(WireError) {
    self.init()
    var offset = start
    while offset < bytes.byteCount {
      let optionStart = offset
      guard list.count < Self.maximumCount else { throw WireError(.tooManyOptions, at: optionStart) }
      guard let option = try TransferOption(decoding: bytes, at: &offset, isAsked: areAsked) else { continue }
      try checkIsNew(option, afterFirst: list.count, at: optionStart)
      list.append(option)
    }
  }

  func write(to sink: inout some ByteSink) {
    for option in list { option.write(to: &sink) }
  }

  /// Checks that the options, if written from `start` on, could be read back.
  func check(at start: Int) throws(WireError) {
    var offset = start
    for (position, option) in list.enumerated() {
      guard position < Self.maximumCount else { throw WireError(.tooManyOptions, at: offset) }
      try option.check(at: offset)
      try checkIsNew(option, afterFirst: position, at: offset)
      var counter = ByteCounter()
      option.write(to: &counter)
      offset += counter.count
    }
  }

  /// An option may be given once only (RFC 2347).
  private func checkIsNew(_ option: TransferOption, afterFirst count: Int, at offset: Int) throws(WireError) {
    guard list.prefix(count).contains(where: option.hasSameName(as:)) else { return }
    throw WireError(.duplicateOption(option.wireName.lowercased()), at: offset)
  }
}
