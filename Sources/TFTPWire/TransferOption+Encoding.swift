extension TransferOption {
  /// Whether the numbers and the address are in their ranges.
  var isInRange: Bool {
    switch self {
    case .blockSize(let bytes): Self.blockSizes ~= bytes
    case .timeout(let seconds): Self.timeouts ~= seconds
    case .windowSize(let blocks): Self.windowSizes ~= blocks
    case .multicast(.reply(let address, let port, _)): (address.map(AddressLiteral.allows) ?? true) && port != 0
    case .transferSize, .multicast(.request), .promotion, .wideBlockNumbers, .unknown: true
    }
  }

  func check(at offset: Int) throws(WireError) {
    let valueStart = offset + wireName.utf8.count + 1
    if let name {
      guard isInRange else { throw WireError(.malformedOption(name), at: valueStart) }
    } else if case .unknown(let name, let value) = self {
      guard !name.isEmpty else { throw WireError(.emptyOptionName, at: offset) }
      try name.checkWritable(at: offset)
      try value.checkWritable(at: valueStart)
      if let known = OptionName(rawValue: name.lowercased()) { throw WireError(.misnamedOption(known), at: offset) }
    }
  }

  func write(to sink: inout some ByteSink) {
    sink.append(terminated: wireName)
    switch self {
    case .blockSize(let number), .windowSize(let number): sink.append(decimal: UInt64(number))
    case .transferSize(let bytes): sink.append(decimal: bytes)
    case .timeout(let seconds): sink.append(decimal: UInt64(seconds))
    case .multicast(let multicast): multicast.write(to: &sink)
    case .promotion(let promotion): promotion.write(to: &sink)
    case .wideBlockNumbers: sink.append(text: "32")
    case .unknown(_, let value): sink.append(text: value)
    }
    sink.append(0 as UInt8)
  }
}

extension Multicast {
  fileprivate func write(to sink: inout some ByteSink) {
    guard case .reply(let address, let port, let isActive) = self else { return }
    sink.append(text: address ?? "")
    sink.append(UInt8(ascii: ","))
    if let port { sink.append(decimal: UInt64(port)) }
    sink.append(text: isActive ? ",1" : ",0")
  }
}

extension Promotion {
  fileprivate func write(to sink: inout some ByteSink) {
    switch self {
    case .request: break
    case .offer(let threshold, let continuity, let endedSessions):
      sink.append(decimals: threshold, UInt64(continuity), UInt64(endedSessions))
    case .check(let session):
      sink.append(text: "check,")
      sink.append(decimal: UInt64(session))
    case .smart: sink.append(text: "smart")
    case .wait: sink.append(text: "wait")
    case .report(let report):
      sink.append(
        decimals: UInt64(report.missingPackets),
        report.totalGapBytes,
        UInt64(report.gaps),
        UInt64(report.largestGap),
        UInt64(report.chains),
        UInt64(report.longestChain)
      )
    }
  }
}
