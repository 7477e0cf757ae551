extension Scenario {
  /// One line for a person: how many devices, blocks and bytes the scenario comes to.
  public var overview: String {
    let file = network.file
    let cohorts = network.cohorts.count
    return
      "ok, \(HumanUnits.grouped(Double(devices), decimals: 0)) devices in \(cohorts) cohort\(cohorts == 1 ? "" : "s"), "
      + "\(HumanUnits.grouped(Double(blocks), decimals: 0)) blocks of \(file.blockSize) B "
      + "(the last one \(file.lastBlockBytes) B), "
      + "\(HumanUnits.grouped(Double(bytes), decimals: 0)) bytes = "
      + "\(HumanUnits.text(Double(bytes), in: HumanUnits.byteScale(of: Double(bytes)))), "
      + "\(replications) replication\(replications == 1 ? "" : "s") from seed \(seed)"
      + (sweep?.points.map { "; a sweep of \(HumanUnits.plural($0, "point"))" } ?? "")
  }
}
