import Results

/// What a page says of the devices of a run: all rows that it has room for, and which devices were the last and which failed.
struct DeviceDigest: Sendable {
  /// A device in a replication.
  struct Device: Hashable, Sendable {
    var replication: String
    var device: String
    var cohort: String
    /// Its fields, by the columns of ``columns``.
    fileprivate(set) var fields: [String]
    /// Seconds until its last block; nil if it was never complete.
    fileprivate(set) var completed: Double?
  }

  /// The most rows that a page gets.
  private static let most = 6000
  /// The most failed devices that are named.
  private static let failedShown = 100
  /// Columns that are the same in all rows, or that the page says elsewhere.
  private static let left = ["scenario", "point"]

  /// The columns that say anything.
  private(set) var header: [String] = []
  /// The first rows: whole replications, if one has room.
  private(set) var rows: [[String]] = []
  /// All rows of the file.
  private(set) var count = 0
  /// The devices that never got everything, in the order of the file; the first of them.
  private(set) var failed: [Device] = []
  private(set) var failedCount = 0
  /// The last complete device of each replication that has one.
  private(set) var last: [Device] = []
  /// How many replications there are.
  private(set) var replications = 0
  /// The replication of the row before.
  private var replication: String?

  private let columns: [Int]
  private let places: (replication: Int, device: Int, cohort: Int, completed: Int)

  /// Reads `devices.csv` once.
  init(_ folder: ResultsFolder) throws {
    var reader = try folder.reader(.devices)
    let (path, all) = (reader.path, reader.header)
    func column(_ name: String) throws -> Int { try CSVTable.column(name, in: all, of: path) }
    places = (
      try column("replication"), try column("device"), try column("cohort"), try column("completed_s")
    )
    let kept = all.indices.filter { !Self.left.contains(all[$0]) }
    var says = kept.map { Self.always.contains(all[$0]) }
    columns = kept
    while let (_, fields) = try reader.next() {
      add(fields)
      if rows.count < Self.most {
        rows.append(kept.map { fields[$0] })
        for (index, column) in kept.enumerated() where !says[index] && !["", "0"].contains(fields[column]) {
          says[index] = true
        }
      }
    }
    let wanted = says.indices.filter { says[$0] }
    header = wanted.map { all[kept[$0]] }
    keepWholeReplications()
    rows = rows.map { row in wanted.map { row[$0] } }
    failed = failed.map { device in
      var device = device
      device.fields = wanted.map { device.fields[$0] }
      return device
    }
  }

  /// Columns that are there whatever they say.
  private static let always = ["replication", "device", "cohort", "join_s", "roles", "completed_s"]

  private mutating func add(_ fields: [String]) {
    count += 1
    if replication != fields[places.replication] {
      replications += 1
      replication = fields[places.replication]
    }
    let completed = CSVTable.number(fields[places.completed])
    let isLast =
      last.last.map { $0.replication != fields[places.replication] || ($0.completed ?? 0) < (completed ?? -1) } ?? true
    guard completed == nil || isLast else { return }
    let device = Device(
      replication: fields[places.replication], device: fields[places.device], cohort: fields[places.cohort],
      fields: columns.map { fields[$0] }, completed: completed)
    if completed == nil {
      failedCount += 1
      if failed.count < Self.failedShown { failed.append(device) }
    } else {
      if last.last?.replication == device.replication { last.removeLast() }
      last.append(device)
    }
  }

  /// Removes the rows of a replication that is not there as a whole, unless it is the first one.
  private mutating func keepWholeReplications() {
    guard count > rows.count, let cut = rows.last, let place = columns.firstIndex(of: places.replication) else {
      return
    }
    let whole = rows.prefix { $0[place] != cut[place] }
    if !whole.isEmpty { rows = Array(whole) }
  }
}
