import Quantities
import Scenarios
import Statistics

/// Traces in the forms that a scenario's `trace` has too: 0 and 1, and lists of lost packets by device, which do not say how
/// many packets there were.
enum MeasuredLists {
  /// The form of lists, in a word.
  static let form = "lists"

  static func read(
    _ bytes: [UInt8], _ path: String, packets: UInt64?
  ) throws(MeasurementError) -> (form: String, observations: [Observation]) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw MeasurementError(path, "the file is neither a capture (pcap, pcapng) nor text in UTF-8")
    }
    let lists: [TraceFile.NamedList]
    switch TraceFile.named(in: text, file: path) {
    case .success(let named): lists = named
    case .failure(let problem):
      throw MeasurementError(path, line: problem.line > 0 ? problem.line : nil, problem.message)
    }
    let hasLength = lists.allSatisfy { $0.length != nil }
    return (
      hasLength ? "0 and 1" : form,
      try lists.map { list throws(MeasurementError) in try observation(list, path, packets) }
    )
  }

  private static func observation(
    _ list: TraceFile.NamedList, _ path: String, _ said: UInt64?
  ) throws(MeasurementError) -> Observation {
    guard let packets = list.length ?? said else {
      throw MeasurementError(
        path, "a list of lost packets does not say how many packets were sent; give --packets N")
    }
    guard packets > 0, packets <= UInt64(MeasuredLoss.mostPackets) else { throw .tooManyPackets(path) }
    var sequence = LossSequence()
    for run in list.runs {
      guard run.upperBound <= packets else {
        throw MeasurementError(
          path, "\(list.name) lost packet \(run.upperBound), but --packets says that there were \(packets)")
      }
      sequence.append(isLost: false, count: Int(run.lowerBound) - 1 - sequence.packets)
      sequence.append(isLost: true, count: run.count)
    }
    sequence.append(isLost: false, count: Int(packets) - sequence.packets)
    return Observation(device: list.isForAll && list.length != nil ? "" : list.name, sequence: sequence)
  }
}
