import Experiments
import Quantities
import Scenarios

extension Scenario {
  /// One line for a person: how many devices, blocks and bytes the scenario has.
  public var overview: String {
    let file = network.file
    let memory = Double(MemoryEstimate(network).bytes(jobs: 1))
    let cohorts = network.cohorts.count
    return
      "ok, \(HumanUnits.plural(devices, "device")) in \(HumanUnits.plural(cohorts, "cohort")), "
      + "\(HumanUnits.plural(Int(blocks), "block")) of \(file.blockSize) B "
      + "(the last one \(file.lastBlockBytes) B), "
      + "\(HumanUnits.plural(Int(bytes), "byte")) = "
      + "\(HumanUnits.text(Double(bytes), in: HumanUnits.byteScale(of: Double(bytes)))), "
      + "about \(HumanUnits.text(memory, in: HumanUnits.byteScale(of: memory))) of memory a run, "
      + "\(HumanUnits.plural(replications, "replication")) from seed \(seed)"
      + (sweep?.points.map { "; a sweep of \(HumanUnits.plural($0, "point"))" } ?? "")
  }
}
