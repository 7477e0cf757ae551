import NetworkModel
import Timebase
import Quantities

/// Cohorts, and when their devices come and go.
extension ScenarioReader {
  /// All cohorts that could be read.
  func cohorts(_ root: Section) -> [Cohort] {
    guard let node = root["cohorts"] else {
      error(root.origin, "cohorts", "is missing; add a list, like 'cohorts: \(ScenarioKeys.key("cohorts").example)'")
      return []
    }
    guard let elements = node.elements, !elements.isEmpty else {
      mismatch(node, "cohorts", expected: ScenarioKeys.key("cohorts").form.expectation)
      return []
    }
    guard elements.count <= ScenarioKeys.mostCohorts else {
      error(
        node.origin,
        "cohorts",
        "has \(UInt64(elements.count).grouped) cohorts; allowed: at most \(UInt64(ScenarioKeys.mostCohorts).grouped)"
      )
      return []
    }
    var cohorts = [Cohort]()
    var names = Set<String>()
    var devices: UInt64 = 0
    for (index, element) in elements.enumerated() {
      let path = "cohorts[\(index)]"
      guard element.entries != nil else {
        mismatch(element, path, expected: "keys, like '- {name: desks, count: 500}'")
        continue
      }
      let cohort = self.cohort(self.section(element, pattern: "cohorts[]", path: path), index: index)
      if !names.insert(cohort.name).inserted {
        error(
          origin(of: "\(path).name"),
          "\(path).name",
          "'\(cohort.name.excerpt)' is the name of an earlier cohort; give each its own"
        )
      }
      devices += UInt64(cohort.count)
      if devices > ScenarioKeys.mostDevices, devices - UInt64(cohort.count) <= ScenarioKeys.mostDevices {
        error(
          origin(of: "\(path).count", "cohorts"),
          "\(path).count",
          "makes \(devices.grouped) devices in all; allowed: at most \(ScenarioKeys.mostDevices.grouped)"
        )
      }
      cohorts.append(cohort)
    }
    return cohorts
  }

  private func cohort(_ section: Section, index: Int) -> Cohort {
    let name = cohortName(section, default: ScenarioOverride.defaultCohortName(at: index))
    var cohort = Cohort(name: name, count: count(section))
    if let join = value(section, "join", { node, _, path in self.join(node, path, count: cohort.count) }) {
      cohort.join = join
    }
    if let leave = value(section, "leaves", { node, _, path in self.leaves(node, path, count: cohort.count) }) {
      cohort.leave = leave
    }
    cohort.latency = timeModel(section, "latency") ?? cohort.latency
    cohort.jitter = timeModel(section, "jitter")
    cohort.turnaround = quantity(section, "turnaround").map(Nanoseconds.init(units:)) ?? cohort.turnaround
    cohort.downLoss = loss(section, "loss", devices: cohort.count)
    cohort.upLoss = loss(section, "upstream_loss", devices: cohort.count)
    if losesEverything(cohort.downLoss) {
      warn(
        origin(of: section.path(of: "loss")),
        section.path(of: "loss"),
        "takes every packet: no device of this cohort ever receives anything"
      )
    }
    return cohort
  }

  private func count(_ section: Section) -> Int {
    if section["count"] != nil { return value(section, "count", integer).map { Int($0) } ?? 1 }
    return max(1, min(section["join"]?.elements?.count ?? 1, Int(ScenarioKeys.mostDevices)))
  }

  private func losesEverything(_ loss: LossModel) -> Bool {
    switch loss {
    case .bernoulli(p: .constant(1)): true
    case .gilbertElliott(_, _, k: .constant(0), h: .constant(0)): true
    case .runs(good: .constant(0), _): true
    default: false
    }
  }

  // MARK: - Coming and going

  private func join(_ node: SourceNode, _ path: String, count: Int) -> JoinModel? {
    if let elements = node.elements { return joinList(elements, node, path, count: count) }
    if node.scalar != nil { return time(node, path).map { .at(.constant($0)) } }
    let section = self.section(node, pattern: "join", path: path)
    guard section["every"] != nil else {
      if section["at"] == nil {
        if node.entries?.isEmpty == true { mismatch(node, path, expected: ScenarioKey.Form.join.expectation) }
        return nil
      }
      return timeModel(section, "at").map { .at($0) }
    }
    guard let every = timeModel(section, "every"), let start = timeModel(section, "at") else { return nil }
    guard case .constant(let time) = start else {
      error(
        origin(of: section.path(of: "at")),
        section.path(of: "at"),
        "must be a fixed time like '0 s' beside 'every'"
      )
      return nil
    }
    return .every(every, start: time)
  }

  private func joinList(_ elements: [SourceNode], _ node: SourceNode, _ path: String, count: Int) -> JoinModel? {
    guard elements.count == count else {
      let times = elements.count == 1 ? "1 time" : "\(elements.count) times"
      error(node.origin, path, "lists \(times) for a count of \(count); give one time for each device")
      return nil
    }
    let times = elements.enumerated().compactMap { time($1, "\(path)[\($0)]") }
    return times.count == count ? .list(times) : nil
  }

  private func leaves(_ node: SourceNode, _ path: String, count: Int) -> LeaveModel? {
    if let elements = node.elements { return leavesList(elements, path, count: count) }
    if node.scalar != nil { return time(node, path).map { .at(.constant($0)) } }
    return timeModel(section(node, pattern: "leaves", path: path), "at").map { .at($0) }
  }

  private func leavesList(_ elements: [SourceNode], _ path: String, count: Int) -> LeaveModel? {
    var leaves = [DeviceLeave]()
    var seen = Set<Int>()
    for (index, element) in elements.enumerated() {
      let path = "\(path)[\(index)]"
      guard element.entries != nil else {
        mismatch(element, path, expected: "{device: 1, at: 5 s}")
        continue
      }
      let section = self.section(element, pattern: "leaves[]", path: path)
      guard let device = integer(section, "device"), let at = quantity(section, "at") else { continue }
      let origin = origin(of: section.path(of: "device"))
      if device > UInt64(count) {
        error(origin, section.path(of: "device"), "\(device) is no device of this cohort; allowed: 1 … \(count)")
      } else if !seen.insert(Int(device)).inserted {
        error(origin, section.path(of: "device"), "\(device) already leaves at another time; give each device once")
      } else {
        leaves.append(DeviceLeave(device: Int(device), at: Nanoseconds(units: at)))
      }
    }
    return leaves.isEmpty ? .never : .devices(leaves)
  }
}

extension Nanoseconds {
  /// A time that the table of keys has bounded.
  init(units: UInt64) { self.init(Int64(clamping: units)) }
}
