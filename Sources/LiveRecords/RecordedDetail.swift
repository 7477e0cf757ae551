import BlockTransfer
import Results
import Runs
import Timebase

/// What the events of a replication say beyond its tables: what the server had sent at which time, and where the gaps of
/// first checks lay in the file, and when devices entered their roles.
package struct RecordedDetail: Sendable {
  /// Samples with times and bytes alone, at the times at which the server wrote them down.
  package private(set) var sent: [TimelineSample] = []
  /// The gaps of each device at its first check, as far as they were written down, in the order of the checks.
  package private(set) var firstGaps: [DeviceGaps] = []

  /// The roles of each device, device by device: as it wrote them down itself, or else as the server took it.
  package private(set) var roleChanges: [RoleChange] = []

  /// Reads `events.csv`. An event that this program does not know says nothing.
  ///
  /// - Throws: a `CSVError`.
  package init(_ folder: ResultsFolder, replication: Int) throws {
    var reader = try folder.reader(.events)
    let columns = try ["replication", "time_s", "device", "event", "detail", "seen_by"].map {
      try CSVTable.column($0, in: reader.header, of: reader.path)
    }
    let hasServer = folder.manifest.live?.first { $0.replication == replication }?.hasServer ?? false
    var checked: Set<Int> = []
    var roles = RolesByDevice()
    while let (_, fields) = try reader.next() {
      guard fields[columns[0]] == String(replication), let time = Nanoseconds(printed: fields[columns[1]]),
        let event = Recording.Event(
          time: time, device: fields[columns[2]], name: fields[columns[3]], detail: fields[columns[4]])
      else { continue }
      switch event.event {
      case .sent(let counts), .sessionOpened(let counts), .sessionEnded(_, let counts):
        sent.append(TimelineSample(time: time, sent: SentBytes(counts)))
      case .checked(_, let gaps, _):
        // Before the first session nobody has missed anything (R22).
        guard !sent.isEmpty || !hasServer, let device = event.device, checked.insert(device).inserted else { continue }
        if let places = gaps.places { firstGaps.append(DeviceGaps(device: device, gaps: places)) }
      case .entered(let role):
        if let device = event.device { roles.enter(role, device, at: time, bySelf: fields[columns[5]] != "server") }
      default: continue
      }
    }
    roleChanges = roles.changes
  }
}

/// The roles of devices, as they and the server wrote them down.
private struct RolesByDevice {
  private var own: [Int: [RoleChange]] = [:]
  private var taken: [Int: [RoleChange]] = [:]

  mutating func enter(_ role: DeviceRole, _ device: Int, at time: Nanoseconds, bySelf: Bool) {
    guard let number = DeviceID(exactly: device) else { return }
    let change = RoleChange(device: number, role: role, time: time)
    func add(to changes: inout [RoleChange]) {
      if changes.last?.role != role { changes.append(change) }
    }
    if bySelf { add(to: &own[device, default: []]) } else { add(to: &taken[device, default: []]) }
  }

  var changes: [RoleChange] {
    Set(own.keys).union(taken.keys).sorted().flatMap { own[$0] ?? taken[$0] ?? [] }
  }
}

extension TimelineSample {
  /// What had been sent at an instant.
  fileprivate init(time: Nanoseconds, sent: SentBytes) {
    self.init(
      time: time, joining: 0, active: 0, passive: 0, smart: 0, complete: 0, failed: 0, uplinkBusy: .zero, sent: sent)
  }
}

extension SentBytes {
  fileprivate init(_ counts: SentCounts) {
    self.init(
      multicastData: counts.multicastBytes, unicastData: counts.unicastBytes, control: counts.controlBytes)
  }
}
