/// A frame of a capture: as much of it as headers take.
struct Frame {
  /// The most bytes of a frame that are looked at: its headers, and the options of a request.
  static let looked = 640

  /// The instant in nanoseconds; nil if the capture does not say it.
  var time: Int64?
  /// What the bytes begin with, by the numbers of tcpdump.org.
  var linkType: UInt16
  var bytes: ArraySlice<UInt8>
}

/// A source of frames, one after the other.
protocol FrameReader {
  /// The next frame; nil after the last one.
  mutating func next() throws(CaptureError) -> Frame?
  /// Whether the file ends within a frame, as of a capture that was killed.
  var isCut: Bool { get }
}

/// Times as captures have them, in nanoseconds.
enum CaptureTime {
  /// Whole seconds and a fraction, of which a second has `parts`.
  static func nanoseconds(seconds: Int64, fraction: UInt64, parts: UInt64) -> Int64? {
    guard parts > 0 else { return nil }
    let rest = UInt128(fraction) * 1_000_000_000 / UInt128(parts)
    guard let added = Int64(exactly: rest) else { return nil }
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, second) = product.addingReportingOverflow(added)
    return overflow || second ? nil : sum
  }
}
