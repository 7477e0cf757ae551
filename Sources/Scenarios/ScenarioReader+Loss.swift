import Glibc
import NetworkModel
import RandomStreams
import Quantities

/// Loss models (N6).
extension ScenarioReader {
  /// The loss model of a key; `devices` is how many it is for, 1 for the shared one.
  func loss(_ section: Section, _ name: String, devices: Int) -> LossModel {
    value(section, name) { node, key, path in self.loss(node, key, path, devices: devices) } ?? .none
  }

  private func loss(_ node: SourceNode, _ key: ScenarioKey, _ path: String, devices: Int) -> LossModel? {
    guard node.entries != nil else {
      mismatch(node, path, expected: key.form.expectation)
      return nil
    }
    let section = self.section(node, pattern: "loss", path: path)
    guard section.values.count == 1, let model = section.values.keys.first else {
      if section.values.count > 1 {
        let found = ScenarioKeys.keys(of: "loss").map(\.name).filter { section[$0] != nil }.joined(separator: ", ")
        error(node.origin, path, "found several loss models (\(found)); give one")
      } else if node.entries?.isEmpty == true {
        mismatch(node, path, expected: key.form.expectation)
      }
      return nil
    }
    switch model {
    case "bernoulli": return bernoulli(section)
    case "gilbert_elliott": return gilbertElliott(subsection(section, model))
    case "runs": return runs(subsection(section, model))
    default: return value(section, "trace") { node, _, path in self.trace(node, path, devices: devices) }
    }
  }

  private func bernoulli(_ section: Section) -> LossModel? {
    guard let node = section["bernoulli"] else { return nil }
    let path = section.path(of: "bernoulli")
    let isDistribution =
      node.entries?.contains { entry in
        entry.key == "constant" || DistributionForm.all.contains { $0.name == entry.key }
      } ?? false
    if node.entries != nil, !isDistribution {
      let inner = self.section(node, pattern: "loss.bernoulli", path: path)
      return value(inner, "p", probabilityModel).map { .bernoulli(p: $0) }
    }
    if node.scalar == "" || node.elements != nil {
      mismatch(node, path, expected: ScenarioKeys.key("loss.bernoulli").form.expectation)
      return nil
    }
    return probabilityModel(node, ScenarioKeys.key("loss.bernoulli.p"), path).map { .bernoulli(p: $0) }
  }

  private func gilbertElliott(_ section: Section) -> LossModel? {
    let read = ["p", "r", "k", "h"].map { value(section, $0, probabilityModel) }
    guard let p = read[0], let r = read[1], let k = read[2], let h = read[3] else { return nil }
    if p == .constant(0), r == .constant(0) {
      error(
        section.origin,
        section.path,
        "p and r are both 0, so that the chain never moves and has no stationary state; let one of them be more than 0"
      )
      return nil
    }
    return .gilbertElliott(p: p, r: r, k: k, h: h)
  }

  private func runs(_ section: Section) -> LossModel? {
    guard let good = value(section, "good", countModel), let lost = value(section, "lost", countModel) else {
      return nil
    }
    let always = good.probabilityOfZero * lost.probabilityOfZero
    if 1 - always < Self.leastProgress {
      error(
        section.origin,
        section.path,
        "good and lost are both \(always == 1 ? "" : "nearly ")always 0, so that no packet is either; let one of them be"
          + " more than 0"
      )
      return nil
    }
    return .runs(good: good, lost: lost)
  }
}

extension ScenarioReader {
  /// How probable it must be at least that a run of good and one of lost packets have a packet between them: where both are
  /// empty, they are drawn again.
  private static let leastProgress = 1e-6
}

extension CountModel {
  /// The probability of a run without a packet.
  fileprivate var probabilityOfZero: Double {
    switch self {
    case .constant(let count): count == 0 ? 1 : 0
    case .drawn(.poisson(let mean)): exp(-mean)
    case .drawn(.negativeBinomial(let p, let n)): pow(p, n)
    case .drawn(.values(let counts)): Double(counts.count { $0 == 0 }) / Double(counts.count)
    case .drawn: 0  // the others count from 1
    }
  }
}

/// Traces of lost packets.
extension ScenarioReader {
  private func trace(_ node: SourceNode, _ path: String, devices: Int) -> LossModel? {
    if let name = node.scalar { return traceFile(name, node, path, devices: devices) }
    guard let elements = node.elements else {
      mismatch(node, path, expected: ScenarioKey.Form.trace.expectation)
      return nil
    }
    let lists = elements.count { $0.elements != nil }
    guard lists == 0 || lists == elements.count else {
      error(node.origin, path, "mixes packet numbers and lists; give one list of numbers, or one list for each device")
      return nil
    }
    if lists > 1, lists != devices {
      error(
        node.origin,
        path,
        "found \(lists) lists for \(devices == 1 ? "1 device" : "\(devices) devices"); give one list for all, or one for each"
      )
      return nil
    }
    return .trace(lists == 0 ? [packets(node, path)] : elements.map { packets($0, path) })
  }

  private func packets(_ node: SourceNode, _ path: String) -> PacketRuns {
    var runs = [ClosedRange<UInt64>]()
    for element in node.elements ?? [] {
      guard let text = element.scalar else {
        mismatch(element, path, expected: "a packet number like 17, or a range like 20-25")
        continue
      }
      if let run = unwrap(TraceFile.packets(text), element, path) { runs.append(run) }
    }
    spend(max(runs.count, 1), node, path)
    return PacketRuns(runs)
  }

  /// Takes runs of lost packets from what all traces of a scenario may have; false when they are too many.
  @discardableResult
  private func spend(_ runs: Int, _ node: SourceNode, _ path: String) -> Bool {
    let most = TraceFile.mostRuns
    guard traceRuns <= most else { return false }  // said already
    traceRuns += runs
    guard traceRuns > most else { return true }
    error(
      node.origin,
      path,
      "the traces of the scenario, written out for each device that differs, come to more than \(UInt64(most).grouped) runs"
        + " of lost packets, which is the most that is read"
    )
    return false
  }

  private func traceFile(_ name: String, _ node: SourceNode, _ path: String, devices: Int) -> LossModel? {
    guard name.contains(where: { !"0123456789-_ ".contains($0) }) else {
      error(node.origin, path, "\(node.found) is no file name; write the lost packets as a list, like [3, 17]")
      return nil
    }
    let file = "the trace file '\(name.excerpt)'"
    do {
      var trace = TraceFile(file: name, path: path, devices: devices)
      trace.read(try readFile(name), most: TraceFile.mostRuns - traceRuns)
      switch trace.outcome {
      case .read(let runs): return spend(runs, node, path) ? .trace(trace.lists) : nil
      case .broken:
        report(trace.problems, of: trace.problemCount)
        return nil
      case .foreign(let reason):
        error(node.origin, path, "\(file) \(reason)")
        return nil
      }
    } catch {
      self.error(node.origin, path, "\(file) \(error.message)")
      return nil
    }
  }
}
