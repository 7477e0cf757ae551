/// The number of a DATA block, counted from 1 (RFC 1350 §5).
///
/// The project deals in 32-bit numbers throughout; on the wire they have 16 bits, or 32 when the option
/// `blocknumbers=32` was agreed on (R21).
public typealias BlockNumber = UInt32
