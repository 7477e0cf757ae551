import Network

extension TraceFile {
  /// The lost packets of a device that a file names.
  package struct NamedList: Sendable {
    /// `device 3`, or `all`.
    package let name: String
    /// Whether the file names no device.
    package let isForAll: Bool
    /// The lost packets, ascending, none of them twice.
    package let runs: [ClosedRange<UInt64>]
    /// How many packets there were, where the file says it.
    package let length: UInt64?
  }

  /// The lists of a file, of whose devices nothing else is known.
  package static func named(in text: String, file: String) -> Result<[NamedList], ScenarioDiagnostic> {
    var trace = TraceFile(file: file, path: "", devices: ScenarioKeys.mostDevices)
    trace.read(text, most: mostRuns)
    switch trace.outcome {
    case .foreign(let message):
      return .failure(ScenarioDiagnostic(.error, SourceOrigin(file: file), path: "", "the file \(message)"))
    case .broken:
      return .failure(trace.problems[0])
    case .read:
      let lists = trace.named
      guard lists.reduce(0, { $0 + $1.runs.count }) <= mostRuns else {
        let message = "more than \(UInt64(mostRuns).grouped) runs of lost packets; a part of them says as much"
        return .failure(ScenarioDiagnostic(.error, SourceOrigin(file: file), path: "", message))
      }
      return .success(lists)
    }
  }

  /// What all devices lose counts for each device that is named.
  private var named: [NamedList] {
    // A device may have rows, none of which is of a lost packet.
    let devices = listed.union(own.keys).union(lengths.keys.filter { $0 > 0 })
    guard !devices.isEmpty else {
      return [NamedList(name: "all", isForAll: true, runs: PacketRuns(common).runs, length: lengths[0])]
    }
    return devices.sorted().map { device in
      NamedList(
        name: "device \(device)", isForAll: false, runs: PacketRuns(common + (own[device] ?? [])).runs,
        length: lengths[device])
    }
  }
}
