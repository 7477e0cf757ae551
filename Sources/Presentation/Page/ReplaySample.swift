import Quantities

extension Replay {
  /// The devices of a replay: all, or of too many the slowest, those that are not complete, and an even choice of the
  /// others.
  struct Sample {
    private(set) var devices: [Device]
    /// Which they are; nil if they are all.
    private(set) var words: String?

    init(of all: [Device]) {
      devices = all
      guard all.count > Replay.largest else { return }
      let few = Replay.largest / 4
      let slowest = all.filter { $0.completed != nil }
        .sorted { ($1.completed ?? 0, $0.device) < ($0.completed ?? 0, $1.device) }.prefix(few)
      let broken = all.filter { $0.completed == nil }.prefix(few)
      var chosen = Set((slowest + broken).map(\.device))
      let rest = all.filter { !chosen.contains($0.device) }
      let places = Replay.largest - chosen.count
      for place in 0..<places { chosen.insert(rest[place * rest.count / places].device) }
      devices = all.filter { chosen.contains($0.device) }
      let count = { (number: Int) in HumanUnits.grouped(Double(number), decimals: 0) }
      words =
        "\(count(devices.count)) of \(count(all.count)) devices: the \(count(slowest.count)) that were complete last, "
        + (broken.isEmpty ? "" : "\(count(broken.count)) that were never complete, ")
        + "and an even choice of the others."
    }
  }
}
