extension TransferOption {
  /// Reads a name and a value; `offset` moves past them. Nil if it is asked for in vain.
  init?(decoding bytes: RawSpan, at offset: inout Int, isAsked: Bool) throws(WireError) {
    let name = try bytes.stringField(at: &offset)
    guard !name.isEmpty else { throw WireError(.emptyOptionName, at: name.lowerBound) }
    let value = try bytes.stringField(at: &offset)
    guard let known = OptionName.allCases.first(where: { bytes.spells($0.rawValue, name) }) else {
      self = .unknown(name: bytes.string(name), value: bytes.string(value))
      return
    }
    if let option = TransferOption(known, value: value, in: bytes) {
      self = option
    } else if isAsked, known != .promotion {
      self.init(asking: known, value: value, in: bytes)
    } else {
      throw WireError(.malformedOption(known), at: value.lowerBound)
    }
  }

  /// What a request asks for by a value that the option's RFC does not know. RFC 2347 leaves that to each option, and none
  /// of their RFCs wants an ERROR:
  ///
  /// - RFC 2348 and 7440 let a server answer a smaller block or window. So one that is too large means the largest.
  /// - A block of less than 8 bytes, a window of 0, a `timeout` that is not 1…255 (RFC 2349 allows no other value in the
  ///   answer), and what is no number cannot be accepted, so it is left out of the OACK.
  ///
  /// A malformed `promotion` is refused: whoever reports gaps and is not understood wants no transfer of the whole file.
  private init?(asking name: OptionName, value: Range<Int>, in bytes: RawSpan) {
    guard let number = bytes.decimal(value, as: UInt64.self) else { return nil }
    switch name {
    case .blockSize where number > Self.blockSizes.upperBound: self = .blockSize(Self.blockSizes.upperBound)
    case .windowSize where number > Self.windowSizes.upperBound: self = .windowSize(Self.windowSizes.upperBound)
    default: return nil
    }
  }

  /// The option of a known name, or nil if the value is not one of its values.
  private init?(_ name: OptionName, value: Range<Int>, in bytes: RawSpan) {
    let option: TransferOption? =
      switch name {
      case .blockSize: bytes.decimal(value).map(TransferOption.blockSize)
      case .transferSize: bytes.decimal(value).map(TransferOption.transferSize)
      case .timeout: bytes.decimal(value).map(TransferOption.timeout)
      case .windowSize: bytes.decimal(value).map(TransferOption.windowSize)
      case .multicast: Multicast(decoding: value, in: bytes).map(TransferOption.multicast)
      case .promotion: Promotion(decoding: value, in: bytes).map(TransferOption.promotion)
      case .blockNumbers: bytes.decimal(value) == (32 as UInt32) ? .wideBlockNumbers : nil
      }
    guard let option, option.isInRange else { return nil }
    self = option
  }
}

extension Multicast {
  fileprivate init?(decoding value: Range<Int>, in bytes: RawSpan) {
    if value.isEmpty {
      self = .request
      return
    }
    guard let parts = bytes.commaSeparated(value, atMost: 3), parts.count == 3 else { return nil }
    let address = parts[0].isEmpty ? nil : bytes.string(parts[0])
    let port = bytes.decimal(parts[1], as: UInt16.self)
    guard port != nil || parts[1].isEmpty, let isActive = bytes.flag(parts[2]) else { return nil }
    self = .reply(address: address, port: port, isActive: isActive)
  }
}

extension Promotion {
  fileprivate init?(decoding value: Range<Int>, in bytes: RawSpan) {
    guard let parts = bytes.commaSeparated(value, atMost: 6) else { return nil }
    switch parts.count {
    case 1: self.init(word: value, in: bytes)
    case 2:
      guard bytes.spells("check", parts[0]), let session = bytes.decimal(parts[1], as: UInt32.self) else { return nil }
      self = .check(session: session)
    case 3: self.init(offer: parts, in: bytes)
    case 6: self.init(report: parts, in: bytes)
    default: return nil
    }
  }

  private init?(word: Range<Int>, in bytes: RawSpan) {
    if word.isEmpty {
      self = .request
    } else if bytes.spells("smart", word) {
      self = .smart
    } else if bytes.spells("wait", word) {
      self = .wait
    } else {
      return nil
    }
  }

  private init?(offer parts: [Range<Int>], in bytes: RawSpan) {
    guard let threshold = bytes.decimal(parts[0], as: UInt64.self),
      let continuity = bytes.decimal(parts[1], as: UInt32.self),
      let endedSessions = bytes.decimal(parts[2], as: UInt32.self)
    else { return nil }
    self = .offer(threshold: threshold, continuity: continuity, endedSessions: endedSessions)
  }

  private init?(report parts: [Range<Int>], in bytes: RawSpan) {
    guard let missingPackets = bytes.decimal(parts[0], as: UInt32.self),
      let totalGapBytes = bytes.decimal(parts[1], as: UInt64.self),
      let gaps = bytes.decimal(parts[2], as: UInt32.self),
      let largestGap = bytes.decimal(parts[3], as: UInt32.self),
      let chains = bytes.decimal(parts[4], as: UInt32.self),
      let longestChain = bytes.decimal(parts[5], as: UInt32.self)
    else { return nil }
    self = .report(
      GapReport(
        missingPackets: missingPackets,
        totalGapBytes: totalGapBytes,
        gaps: gaps,
        largestGap: largestGap,
        chains: chains,
        longestChain: longestChain
      )
    )
  }
}

extension RawSpan {
  /// `0` or `1`.
  fileprivate func flag(_ field: Range<Int>) -> Bool? {
    switch decimal(field, as: UInt8.self) {
    case 0: false
    case 1: true
    default: nil
    }
  }
}
