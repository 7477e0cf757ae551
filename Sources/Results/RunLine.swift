import RunMetrics
import Network
import Quantities

/// A line of `runs.csv`, read back.
package struct RunLine: Hashable, Sendable {
  /// The metrics in the order of ``Metric/ofRuns``.
  package let metrics: [Double?]
  /// Why the run ended.
  package let ended: RunEnd

  private static let positions = RunsTable.table.positions(of: Metric.ofRuns.map(\.name), behind: 1)
  private static let endedPosition = RunsTable.table.positions(of: [RunsTable.ended.name], behind: 1)[0]

  /// Reads a line whose first field takes this many bytes; nil if it is no such line.
  package init?(_ line: [UInt8], nameLength: Int) {
    guard line.last == UInt8(ascii: "\n"),
      let fields = LastFields(of: line.dropLast(), after: nameLength, count: RunsTable.table.columns.count - 1),
      let metrics = fields.numbers(at: Self.positions),
      let ended = RunEnd(rawValue: String(decoding: fields[Self.endedPosition], as: UTF8.self))
    else { return nil }
    self.metrics = metrics
    self.ended = ended
  }
}

/// The lines of `cohorts.csv` of one run, read back.
package struct CohortLines: Hashable, Sendable {
  /// The metrics of each cohort in the order of ``Metric/ofCohorts``.
  package let metrics: [[Double?]]

  private static let positions = CohortsTable.table.positions(of: Metric.ofCohorts.map(\.name), behind: 4)

  /// Reads the lines of a replication; nil if they are no such lines.
  package init?(_ lines: [UInt8], of context: RunContext, replication: Int) {
    var metrics: [[Double?]] = []
    var rest = lines[...]
    for cohort in context.cohorts.indices {
      let front = Self.front(of: context, replication, cohort)
      guard rest.starts(with: front),
        let end = rest[(rest.startIndex + front.count)...].firstIndex(of: UInt8(ascii: "\n")),
        let fields = LastFields(of: rest[..<end], after: front.count, count: CohortsTable.table.columns.count - 4),
        let numbers = fields.numbers(at: Self.positions)
      else { return nil }
      metrics.append(numbers)
      rest = rest[(end + 1)...]
    }
    guard rest.isEmpty else { return nil }
    self.metrics = metrics
  }

  /// The fields that name a cohort of a run, as they are written.
  private static func front(of context: RunContext, _ replication: Int, _ cohort: Int) -> ArraySlice<UInt8> {
    var buffer = CSVBuffer()
    let run = Row(context: context, replication: replication, record: cohort)
    buffer.append(run, columns: Row<Int>.identity + [.text("", "") { $0.context.cohorts[$0.record] }])
    return buffer.bytes.dropLast()
  }
}

/// The lines of `segments.csv` of one run, read back.
package struct SegmentLines: Hashable, Sendable {
  /// The uplink and the segments, in their order.
  package let segments: [SegmentSummary]

  private static let positions = SegmentsTable.table.positions(
    of: [SegmentsTable.busyShare.name, SegmentsTable.mostWaiting.name], behind: 4)

  /// Reads the lines of a replication; nil if they are no such lines.
  package init?(_ lines: [UInt8], of context: RunContext, replication: Int) {
    var segments: [SegmentSummary] = []
    var rest = lines[...]
    let ports = context.segments.isEmpty ? [] : [nil] + context.segments.indices.map(Optional.some)
    for port in ports {
      let front = Self.front(of: context, replication, port)
      guard rest.starts(with: front),
        let end = rest[(rest.startIndex + front.count)...].firstIndex(of: UInt8(ascii: "\n")),
        let fields = LastFields(of: rest[..<end], after: front.count, count: SegmentsTable.table.columns.count - 4),
        let numbers = fields.numbers(at: Self.positions)
      else { return nil }
      segments.append(SegmentSummary(busyShare: numbers[0] ?? 0, mostWaiting: numbers[1] ?? 0))
      rest = rest[(end + 1)...]
    }
    guard rest.isEmpty else { return nil }
    self.segments = segments
  }

  /// The fields that name a port of a run, as they are written.
  private static func front(of context: RunContext, _ replication: Int, _ port: Int?) -> ArraySlice<UInt8> {
    var buffer = CSVBuffer()
    let run = Row(context: context, replication: replication, record: port)
    buffer.append(
      run, columns: Row<Int?>.identity + [.text("", "") { SegmentsTable.name(of: $0.record, in: $0.context) }])
    return buffer.bytes.dropLast()
  }
}

/// The fields of one line after its first ones. The first ones may contain anything; these contain neither commas nor
/// quotes.
private struct LastFields {
  private let fields: [ArraySlice<UInt8>]

  /// Splits a line whose first fields take this many bytes together; nil if fewer than `count` fields follow them.
  init?(of line: ArraySlice<UInt8>, after bytes: Int, count: Int) {
    fields = line.dropFirst(bytes + 1).split(
      separator: UInt8(ascii: ","), maxSplits: count, omittingEmptySubsequences: false)
    guard fields.count >= count else { return nil }
  }

  /// The bytes of a field.
  subscript(position: Int) -> ArraySlice<UInt8> { fields[position] }

  /// The numbers in some fields, nil where one is empty. Nil if a field contains something else.
  func numbers(at positions: [Int]) -> [Double?]? {
    var numbers: [Double?] = []
    for position in positions {
      if fields[position].isEmpty {
        numbers.append(nil)
      } else if let number = FixedPoint(digits: fields[position]) {
        numbers.append(number.value)
      } else {
        return nil
      }
    }
    return numbers
  }
}

extension Table {
  /// The positions of columns after the first ones.
  fileprivate func positions(of wanted: [String], behind first: Int) -> [Int] {
    wanted.compactMap { name in columns.firstIndex { $0.name == name }.map { $0 - first } }
  }
}
