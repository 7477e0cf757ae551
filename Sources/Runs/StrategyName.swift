import BlockTransfer

/// How the file gets to the devices: the promotion protocol, or what people use instead of it.
public enum StrategyName: String, Hashable, Sendable, CaseIterable {
  /// The promotion protocol (R1–R24), in one of its two multicast modes.
  case promotion
  /// A TFTP transfer for each device (RFC 1350, 2347–2349, 7440).
  case unicast
  /// Multicast TFTP without promotion (RFC 2090).
  case rfc2090
  /// The MTFTP of Intel's PXE 2.1 without promotion.
  case pxeMTFTP = "pxe-mtftp"
  /// Slices that every device confirms, as udpcast sends them.
  case slices
  /// Passes over what devices report as missing, as UFTP and NORM without FEC send them.
  case nack
  /// The same with an erasure code, as NORM and FLUTE with FEC send them.
  case nackFEC = "nack_fec"
  /// The file round and round, as FLUTE and Cisco's and Ghost's loops send it.
  case carousel
  /// A master client sets the pace of the group, as in Windows Deployment Services.
  case wds

  /// Whether devices may be promoted, so that the threshold has a meaning.
  package var promotes: Bool { self == .promotion }

  /// Whether the next window waits for an answer to the one before.
  package var hasWindows: Bool {
    switch self {
    case .promotion, .rfc2090, .pxeMTFTP, .unicast: true
    case .slices, .nack, .nackFEC, .carousel, .wds: false
    }
  }

  /// Whether a device drives the group: an active device, or a master.
  package var hasDriver: Bool {
    switch self {
    case .promotion, .rfc2090, .pxeMTFTP, .wds: true
    case .unicast, .slices, .nack, .nackFEC, .carousel: false
    }
  }

  /// Whether it runs in the engine of the promotion protocol, whose events are logged, explained and captured.
  package var isOfPromotionEngine: Bool {
    switch self {
    case .promotion, .rfc2090, .pxeMTFTP: true
    case .unicast, .slices, .nack, .nackFEC, .carousel, .wds: false
    }
  }

  /// Whether devices check the whole file for gaps.
  package var checksGaps: Bool {
    switch self {
    case .promotion, .nack, .nackFEC, .wds: true
    case .unicast, .rfc2090, .pxeMTFTP, .slices, .carousel: false
    }
  }

  /// Whether block numbers of 16 bits are enough for any file (R21): devices take the blocks in order, or DATA has a
  /// header of its own with wider numbers.
  package var numbersAnyFile: Bool {
    switch self {
    case .unicast, .slices, .nack, .nackFEC, .carousel: true
    case .promotion, .rfc2090, .pxeMTFTP, .wds: false
    }
  }

  /// The most blocks of a file: half as many where parity packets have numbers of their own.
  package var mostBlocks: BlockNumber { self == .nackFEC ? .max / 2 : .max - 1 }
}
