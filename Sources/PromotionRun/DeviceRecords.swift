/// The records of a run's devices, in the order of their numbers, each made when it is asked for.
///
/// A run that is over holds its devices anyway; a record of each, kept beside them, would only cost memory.
public struct DeviceRecords: RandomAccessCollection, Sendable {
  /// How many devices there are.
  public let endIndex: Int
  private let record: @Sendable (Int) -> DeviceRecord

  /// Describes so many devices by a function of their numbers less one.
  public init(count: Int, record: @escaping @Sendable (_ index: Int) -> DeviceRecord) {
    endIndex = count
    self.record = record
  }

  /// Takes records that are there.
  public init(_ records: [DeviceRecord]) { self.init(count: records.count) { records[$0] } }

  /// Where device 1 stands.
  public var startIndex: Int { 0 }

  /// The record of device `position + 1`.
  public subscript(position: Int) -> DeviceRecord {
    precondition(indices.contains(position), "device \(position + 1) of \(count)")
    return record(position)
  }
}

extension DeviceRecords: Equatable, ExpressibleByArrayLiteral {
  /// Whether all records are the same: a step for each device.
  public static func == (left: Self, right: Self) -> Bool { left.elementsEqual(right) }

  /// Takes records that are there.
  public init(arrayLiteral records: DeviceRecord...) { self.init(records) }
}
