/// The number of a DATA block, counted from 1 (RFC 1350 §5).
///
/// The project uses 32-bit numbers everywhere. On the wire they have 16 bits, or 32 bits with the option
/// `blocknumbers=32` (R21).
public typealias BlockNumber = UInt32
