import Foundation
import TestSupport
import Testing

/// Small scenario files by seed, each run by several processes.
@Suite struct RandomScenarioFileTests {
  @Test(arguments: UInt64(1)...12)
  func processesWriteTheSameBytesForAnyNumberOfJobs(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let file = folder.path("random.yaml")
    try Self.scenario(seed).write(toFile: file, atomically: true, encoding: .utf8)
    var statuses: Set<Int32> = []
    for (name, arguments) in [
      ("one", ["--jobs", "1"]), ("again", ["--jobs", "1"]), ("two", ["--jobs", "2"]), ("five", ["--jobs", "5"]),
      ("packets", ["--packet-by-packet"]),
    ] {
      let outcome = try Program.run(["run", file, "-o", folder.path(name), "--quiet"] + arguments)
      #expect([0, 75].contains(outcome.status), "\(outcome.errors)")
      statuses.insert(outcome.status)
    }
    expect(statuses.count, equals: 1)
    let files = try folder.files(in: "one")
    expect(files.count, equals: 9)
    for name in ["again", "two", "five", "packets"] { try expect(folder.files(in: name), equals: files, "\(name)") }
  }

  /// Every mode, loss model and order, with parameters that let every role and end occur.
  private static func scenario(_ seed: UInt64) -> String {
    var generator = SplitMix64(state: seed)
    func pick(_ choices: String...) -> String { choices[Int.random(in: choices.indices, using: &generator)] }
    func loss() -> String {
      pick(
        "none", "{bernoulli: 2 %}", "{bernoulli: {p: {beta: {a: 2, b: 18}}}}",
        "{gilbert_elliott: {p: 2 %, r: 20 %, k: 1, h: 0.3}}",
        "{runs: {good: {geometric: {p: 0.05}}, lost: {poisson: {mean: 1}}}}", "{trace: [2, 5-7, 30]}")
    }
    return """
      seed: \(seed)
      replications: 7
      timeline: \(pick("20 ms", "1 s"))
      file: {size: \(pick("0 B", "20 KiB", "142800 B", "100 KiB"))}
      protocol:
        mode: \(pick("rfc2090", "rfc2090", "pxe-mtftp"))
        timeout: 50 ms
        \(pick("retries: 5", "retries: 5", "retries: 2\n  backoff: 2"))
        session_timeout: 400 ms
        group_timeout: 500 ms
        start: \(pick("none", "none", "{devices: 3}", "{devices: 6, within: 40 ms}"))
        hand_over: \(pick("none", "{repeats: 5 %, window: 20 blocks}"))
        windowsize: \(pick("1", "1", "4", "16"))
        active_order: \(pick("arrival", "largest_gap", "smallest_gap", "most_gaps"))
        listen_delay: 20 ms
        reopen_delay: 100 ms
        promotion:
          threshold: \(pick("0 B", "3 KiB", "10 KiB", "1 MiB"))
          max_smart: \(pick("none", "1", "3"))
          smart_order: \(pick("arrival", "largest_gap", "fewest_gaps"))
          report_window: \(pick("0 s", "5 ms"))
      server: {rate: \(pick("1 Gbit/s", "10 Mbit/s")), queue: \(pick("none", "20")), shared_loss: \(loss())}
      cohorts:
        - name: first
          count: \(pick("2", "9"))
          loss: \(loss())
          upstream_loss: \(loss())
        - name: second
          count: 4
          join: \(pick("{at: {exponential: {mean: 50 ms}}}", "{every: {gamma: {shape: 2, scale: 5 ms}}}", "[0 s, 1 ms, 30 ms, 9 s]"))
          jitter: \(pick("none", "{weibull: {scale: 50 us, exponent: 2}}"))
          latency: {lognormal: {median: 150 us, sigma: 0.3}}
          loss: \(loss())
          leaves: \(pick("none", "[{device: 2, at: 60 ms}]", "{at: {pareto: {exponent: 2, scale: 40 ms}}}"))
      limits: {time: \(pick("1 min", "1 min", "100 ms"))}
      """
  }
}

/// A small generator for test inputs (Steele, Lea and Flood, 2014).
private struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}
