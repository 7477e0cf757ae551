import Comparison
import Experiments
import RunMetrics
import Results
import Runs

/// The pictures of a race.
enum RacePictures {
  static func all(of folder: ResultsFolder) throws -> Gallery {
    let race = try folder.standardRace()
    let data = try SweepData(folder)
    var gallery = Gallery()
    gallery.add(
      folder.has(.devices) ? try completion(of: race, folder, data) : nil, or: "Completion over time",
      folder.has(.devices) ? "no device is complete" : "the race left out devices.csv (--no-devices)")
    gallery.add(
      RaceParetoPicture.picture(of: race, subtitle: { data.subtitle($0) }), or: ParetoPicture.title,
      "no strategy has both figures")
    gallery.add(
      BytesPicture.picture(of: SweepLines(data), folder), or: "Server bytes by kind",
      BytesPicture.reason(folder))
    return gallery
  }

  /// The colour of a strategy and its mark: the same in all pictures. There are more strategies than colours with enough
  /// contrast, so those that share one have different marks.
  static func look(of strategy: String) -> (paint: Paint, mark: Int) {
    switch StrategyName(rawValue: strategy) {
    case .promotion: (.blue, 13)
    case .unicast: (.vermillion, 5)
    case .rfc2090: (.green, 7)
    case .pxeMTFTP: (.green, 6)
    case .slices: (.purple, 9)
    case .nack: (.ink, 11)
    case .nackFEC: (.ink, 2)
    case .carousel: (.grey, 4)
    case .wds: (.vermillion, 8)
    case nil: (.grey, 1)
    }
  }

  private static func completion(
    of race: Race, _ folder: ResultsFolder, _ data: SweepData
  ) throws -> Picture? {
    let times = try PointTimes(folder)
    let lines = race.entrants.map { entrant in
      let look = look(of: entrant.name)
      let width = entrant.name == StrategyName.promotion.rawValue ? 4 : 2.5
      var completion = times.byPoint[entrant.point] ?? CompletionTimes()
      completion.sort()
      return CompletionPicture.Line(
        name: entrant.name, times: completion, label: entrant.name, paint: look.paint, width: width, mark: look.mark)
    }
    return CompletionPicture.picture(
      of: lines, each: "strategy", title: "Completion: share of devices over time since their join",
      caption: "Each step up is a device that got its last missing block. A line that ends below 100 % has devices "
        + "that never were complete. Farther left is sooner.",
      subtitle: { data.subtitle($0) })
  }
}

extension ResultsFolder {
  /// The race in it, by the makespan, as pictures and reports show it.
  func standardRace() throws -> Race { try race(Race.Question(try Objective("makespan"))) }
}

/// The times of all devices of a sweep from their join to their last block, by the point.
struct PointTimes {
  private(set) var byPoint: [Int: CompletionTimes] = [:]

  init(_ folder: ResultsFolder) throws {
    var reader = try folder.reader(.devices)
    let (path, header) = (reader.path, reader.header)
    let columns = try ["point", "join_s", "completed_s"].map { try CSVTable.column($0, in: header, of: path) }
    let replication = try CSVTable.column("replication", in: header, of: path)
    while let (line, fields) = try reader.next() {
      let numbers = try columns.map { column -> Double? in
        if fields[column].isEmpty { return nil }
        if let number = CSVTable.number(fields[column]) { return number }
        throw CSVError(
          path: path, line: line, column: header[column], "'\(fields[column].printable.prefix(60))' is not a number")
      }
      guard let point = numbers[0].flatMap({ Int(exactly: $0) }) else { continue }
      byPoint[point, default: CompletionTimes()].count(
        fields[replication], numbers[2].map { max(0, $0 - (numbers[1] ?? 0)) })
    }
  }
}
