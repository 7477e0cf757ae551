import Foundation

/// Measures everything, a session of a million devices alone, or only other networks and strategies, and prints a table; or one session, for the scripts beside this package.
@main
enum Benchmarks {
  static func main() {
    do { try run() } catch {
      FileHandle.standardError.write(Data("gapsim-benchmarks: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func run() throws {
    let arguments = CommandLine.arguments.dropFirst()
    if let command = arguments.first.flatMap(SessionCommand.Name.init) {
      return try SessionCommand(command, Array(arguments.dropFirst())).run()
    }
    guard arguments.isEmpty || ["--long", "--million", "--world"].contains(arguments) else {
      throw BenchmarkError("expected --long, --million, --world, or: \(SessionCommand.usage)")
    }
    let rounds = 5
    let loadBefore = machine()
    var report = Report()
    if arguments.first == "--million" {
      try measureMillion(rounds: rounds, into: &report)
    } else if arguments.first == "--world" {
      try measureWorld(rounds: rounds, into: &report)
    } else {
      try measureAll(isLong: !arguments.isEmpty, rounds: rounds, into: &report)
    }
    print("\(loadBefore) before, \(load()) after; medians of \(rounds) rounds, rivals in turn\n")
    print(report.markdown)
  }

  private static func measureMillion(rounds: Int, into report: inout Report) throws {
    try SessionBenchmark(devices: 1_000_000, blocks: 10_000).measureByLosses(rounds: rounds, into: &report)
  }

  private static func measureWorld(rounds: Int, into report: inout Report) throws {
    try WorldBenchmark.measureNetworks(rounds: rounds, into: &report)
    try WorldBenchmark.measureStrategies(rounds: rounds, into: &report)
  }

  private static func measureAll(isLong: Bool, rounds: Int, into report: inout Report) throws {
    let sizes = [10_000, 33_000] + (isLong ? [100_000] : [])

    var program = Report()
    try ProgramBenchmark().measureLockStep(rounds: rounds, into: &program)
    try ProgramBenchmark().measureJobs(rounds: 3 * rounds, into: &program)
    try ProgramBenchmark().measureTuning(rounds: rounds, into: &program)
    if isLong {
      try ProgramBenchmark().measureLarge(
        "hundred-thousand", devices: 100_000, blocks: 65_533, loss: 0.001, into: &program)
      try ProgramBenchmark().measureLarge(
        "million", devices: 1_000_000, blocks: 10_001, loss: 0.01, into: &program)
    }

    for devices in [500, 1000] {
      for blocks in sizes {
        let session = try SessionBenchmark(devices: devices, blocks: blocks)
        try session.measureByLosses(rounds: 3 * rounds, into: &report)
        try session.measureByPackets(rounds: rounds, into: &report)
      }
    }
    if isLong { try measureMillion(rounds: rounds, into: &report) }
    for pending in [100, 1000, 100_000] {
      try HoldBenchmark().measure(pending: pending, rounds: rounds, into: &report)
    }
    let lab = try SessionBenchmark(devices: 500, blocks: 33_000)
    try lab.measureRepair(rounds: rounds, hold: HoldBenchmark().hold(pending: 1000), into: &report)
    report.append(program)
    try measureWorld(rounds: rounds, into: &report)
    try lab.measureAllocations(.packetByPacket, "packet by packet", into: &report)
    try lab.measureAllocations(.byRuns, "default", into: &report)
  }
}
