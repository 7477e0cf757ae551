import Network
import Results
import Runs

extension Replay {
  /// The devices and sessions of the first replication, from the run itself or from the tables of a live run.
  struct Source {
    private(set) var cohorts: [String] = []
    private(set) var devices: [Device] = []
    private(set) var sessions: [Session] = []

    /// Nil if there are no devices.
    init?(_ data: RunData) throws {
      if case .success(let rerun) = data.rerun {
        take(rerun.record, data.network)
      } else if data.recorded != nil, data.hasDevices {
        try read(data.folder)
      }
      if devices.isEmpty { return nil }
    }

    private mutating func take(_ record: RunRecord, _ network: NetworkConfiguration) {
      cohorts = network.cohorts.map(\.name)
      devices = record.devices.map { device in
        Device(
          device: device.device, cohort: device.cohort, join: device.join.seconds,
          missed: device.firstCheck.map { UInt64($0.missingPackets) }, gap: device.firstCheck?.totalGapBytes,
          gaps: device.firstCheck.map { UInt64($0.gaps) }, promoted: device.promoted?.seconds,
          completed: device.completed?.seconds)
      }
      sessions = record.sessions.map { session in
        Session(
          session: session.session, device: session.activeDevice, begin: session.begin?.seconds,
          end: session.end?.seconds, ended: session.ended?.rawValue)
      }
    }

    private mutating func read(_ folder: ResultsFolder) throws {
      let table = try Self.first(folder, .devices)
      let (device, cohort) = (try table.column("device"), try table.column("cohort"))
      let numbers = try ["join_s", "missing_packets", "gap_bytes", "gaps", "promoted_s", "completed_s"]
        .map { try table.column($0) }
      for row in table.rows.indices {
        let name = table.rows[row][cohort]
        let index = cohorts.firstIndex(of: name) ?? cohorts.count
        if index == cohorts.count { cohorts.append(name) }
        let values = try numbers.map { try table.number(row, $0) }
        let counts = values[1...3].map { $0.flatMap { UInt64(exactly: $0) } }
        devices.append(
          Device(
            device: Int(table.rows[row][device]) ?? 0, cohort: index, join: values[0] ?? 0, missed: counts[0],
            gap: counts[1], gaps: counts[2], promoted: values[4], completed: values[5]))
      }
      try readSessions(folder)
    }

    private mutating func readSessions(_ folder: ResultsFolder) throws {
      let table = try Self.first(folder, .sessions)
      let columns = try ["session", "active_device", "begin_s", "end_s"].map { try table.column($0) }
      let ended = try table.column("ended")
      for row in table.rows.indices {
        let values = try columns.map { try table.number(row, $0) }
        sessions.append(
          Session(
            session: values[0].flatMap { Int(exactly: $0) } ?? 0, device: values[1].flatMap { Int(exactly: $0) },
            begin: values[2], end: values[3], ended: table.rows[row][ended]))
      }
    }

    private static func first(_ folder: ResultsFolder, _ file: ResultFile) throws -> CSVTable {
      let reader = try folder.reader(file)
      let column = try CSVTable.column("replication", in: reader.header, of: reader.path)
      return try CSVTable(reader) { $0[column] == "1" }
    }
  }
}
