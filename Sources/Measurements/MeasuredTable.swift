import Quantities
import Results
import Scenarios
import Statistics

/// CSV with a row for each packet: `lost` (0 or 1), and where they are known `device`, `packet` and `time` in seconds.
enum MeasuredTable {
  private static let columns = ["device", "packet", "lost", "time"]

  fileprivate struct Path {
    var sequence = LossSequence()
    var times: [Double] = []
    var packet: UInt64?
  }

  /// Whether the first line names columns, and `lost` is one of them.
  static func isForm(of bytes: [UInt8]) -> Bool {
    let line = bytes.prefix(200).prefix { $0 != UInt8(ascii: "\n") }
    let names = String(decoding: line, as: UTF8.self).split(separator: ",").map { String($0).unquoted.lowercased() }
    return names.contains("lost") || names.contains("time")
  }

  static func read(_ bytes: [UInt8], _ path: String) throws(MeasurementError) -> [Observation] {
    do { return try rows(of: try CSVReader(path: path, bytes: bytes), path) } catch let error as CSVError {
      throw MeasurementError(path, line: error.line, error.message)
    } catch let error as MeasurementError {
      throw error
    } catch {
      throw MeasurementError(path, "\(error)")
    }
  }

  private static func rows(of reader: CSVReader, _ path: String) throws -> [Observation] {
    var reader = reader
    let names = reader.header.map { $0.trimmed.lowercased() }
    // Many programs number the rows in a first column without a name.
    for name in names.dropFirst(names.first == "" ? 1 : 0) where !columns.contains(name) {
      let nearest = Spelling.nearest(to: name, among: columns).map { "; did you mean '\($0)'?" } ?? ""
      throw MeasurementError(
        path, line: 1, "'\(name.excerpt)' is no column; allowed: \(columns.joined(separator: ", "))\(nearest)")
    }
    guard let lost = names.firstIndex(of: "lost") else {
      throw MeasurementError(
        path, line: 1, "there are times but no column 'lost' (0 or 1): which packets were lost is not said")
    }
    let (device, packet, time) = (
      names.firstIndex(of: "device"), names.firstIndex(of: "packet"), names.firstIndex(of: "time")
    )
    var order: [String] = []
    var paths: [String: Path] = [:]
    while let row = try reader.next() {
      let fields = row.fields.map(\.trimmed)
      let name = device.map { fields[$0] } ?? ""
      if paths[name] == nil { order.append(name) }
      try paths[name, default: Path()].add(
        lost: fields[lost], packet: packet.map { fields[$0] }, time: time.map { fields[$0] }, path, row.line)
    }
    return order.map { name in
      var sequence = paths[name]?.sequence ?? LossSequence()
      sequence.times = paths[name]?.times ?? []
      return Observation(device: name, sequence: sequence)
    }
  }
}

extension MeasuredTable.Path {
  fileprivate mutating func add(
    lost: String, packet: String?, time: String?, _ path: String, _ line: Int
  ) throws(MeasurementError) {
    guard lost == "0" || lost == "1" else {
      throw MeasurementError(path, line: line, "lost: '\(lost.excerpt)' is neither 0 nor 1 (1 is a lost packet)")
    }
    if let packet {
      guard let number = UInt64(packet) else {
        throw MeasurementError(path, line: line, "packet: '\(packet.excerpt)' is not a packet's number")
      }
      if let last = self.packet, last == .max || number != last + 1 {
        throw MeasurementError(
          path, line: line, "packet: \(number) follows \(last); each packet of a device has a row, in order")
      }
      self.packet = number
    }
    if let time {
      guard let seconds = Double.decimal(time), seconds.magnitude < 1e12 else {
        throw MeasurementError(path, line: line, "time: '\(time.excerpt)' is not a time in seconds like 12.5")
      }
      guard seconds >= times.last ?? -.infinity else {
        throw MeasurementError(path, line: line, "time: \(time.excerpt) s is before the packet above it")
      }
      times.append(seconds)
    }
    sequence.append(isLost: lost == "1", count: 1)
  }
}
