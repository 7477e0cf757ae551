/// The records of a run's devices, in the order of their numbers. Each is made on demand.
///
/// A run that is over keeps its devices anyway. A stored record of each would only cost memory.
public struct DeviceRecords: RandomAccessCollection, Sendable {
  /// How many devices there are.
  public let endIndex: Int
  private let record: @Sendable (Int) -> DeviceRecord

  /// Describes this many devices by a function of their numbers minus one.
  public init(count: Int, record: @escaping @Sendable (_ index: Int) -> DeviceRecord) {
    endIndex = count
    self.record = record
  }

  /// Takes existing records.
  public init(_ records: [DeviceRecord]) { self.init(count: records.count) { records[$0] } }

  /// The index of device 1.
  public var startIndex: Int { 0 }

  /// The record of device `position + 1`.
  public subscript(position: Int) -> DeviceRecord {
    precondition(indices.contains(position), "device \(position + 1) of \(count)")
    return record(position)
  }
}

extension DeviceRecords: Equatable, ExpressibleByArrayLiteral {
  /// Whether all records are equal. It takes a step for each device.
  public static func == (left: Self, right: Self) -> Bool { left.elementsEqual(right) }

  /// Takes existing records.
  public init(arrayLiteral records: DeviceRecord...) { self.init(records) }
}
