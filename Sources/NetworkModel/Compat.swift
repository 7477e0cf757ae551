import TFTPWire
/// Until the reports use the wire's own name.
public typealias GapStatistics = GapReport
