import TFTPWire

extension GapReport {
  /// Nothing is missing.
  public static var nothingMissing: GapReport {
    GapReport(missingPackets: 0, totalGapBytes: 0, gaps: 0, largestGap: 0, chains: 0, longestChain: 0)
  }

  /// Whether a gap is detected: something is missing, and the total gap is strictly below the threshold (R11).
  public func isDetected(below threshold: UInt64) -> Bool {
    missingPackets >= 1 && totalGapBytes < threshold
  }
}
