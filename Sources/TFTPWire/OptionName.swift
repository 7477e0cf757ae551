/// The names of the options that the project knows, as it writes them. It reads them in upper or lower case (RFC 2347).
public enum OptionName: String, Hashable, Sendable, CaseIterable {
  /// Bytes of a block (RFC 2348).
  case blockSize = "blksize"
  /// Bytes of the file (RFC 2349).
  case transferSize = "tsize"
  /// Seconds before a repeat (RFC 2349).
  case timeout
  /// Blocks for one acknowledgment (RFC 7440).
  case windowSize = "windowsize"
  /// The group and its master client (RFC 2090).
  case multicast
  /// The promotion protocol (R1, R2, R9, R10, R12).
  case promotion
  /// The width of block numbers (R21).
  case blockNumbers = "blocknumbers"
}
