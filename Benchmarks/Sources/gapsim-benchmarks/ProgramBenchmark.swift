import CFloor

/// The program as its users run it, with all that it writes.
struct ProgramBenchmark {
  let gapsim = ".build/release/gapsim"
  let results = ".build/benchmarks/results"

  /// Row 5: one replication of lock-step.
  ///
  /// Must come first: a child's peak begins with the memory that its parent held when it started it.
  func measureLockStep(rounds: Int, into report: inout Report) throws {
    var runs: [Child] = []
    let samples = try Samples(
      rounds: rounds,
      [
        {
          let run = try Child(
            gapsim,
            ["run", "Scenarios/lock-step.yaml", "--replications", "1", "--jobs", "1", "--quiet"],
            results: results
          )
          runs.append(run)
          return run.user
        },
        { seconds { _ = cfloor_session_by_losses(500, 33_045, SessionBenchmark.loss, 1) } },
      ]
    )
    report.add(
      "lock-step, one replication, all files: user time, rival C geometric",
      ours: number(samples.seconds(0) * 1e3, digits: 0) + " ms",
      rival: number(samples.seconds(1) * 1e3, digits: 2) + " ms",
      ratio: samples.ratio(0, to: 1)
    )
    let wall = median(runs.map(\.wall))
    report.add(
      "— wall time, rival its user time",
      ours: number(wall * 1e3, digits: 0) + " ms",
      rival: number(samples.seconds(0) * 1e3, digits: 0) + " ms",
      ratio: median(runs.map { $0.wall / $0.user })
    )
    let gaps = 500 * 330 * 8.0
    let peak = median(runs.map(\.peak))
    report.add(
      "— peak memory, rival 500 lists of 330 gaps",
      ours: number(peak / 1e6, digits: 1) + " MB",
      rival: number(gaps / 1e6, digits: 1) + " MB",
      ratio: peak / gaps
    )
  }

  /// 64 thresholds from forked runs beside one threshold, where the time goes into the first session.
  func measureTuning(rounds: Int, into report: inout Report) throws {
    let scenario = "Benchmarks/first-session.yaml"
    let samples = try Samples(
      rounds: rounds,
      [
        {
          try Child(
            gapsim,
            [
              "tune", scenario, "--candidates", "25 KB..47 KB:64", "--indifference", "50 %", "--jobs", "1", "--quiet",
              "--no-plots",
            ], results: results
          ).user
        },
        { try Child(gapsim, ["run", scenario, "--jobs", "1", "--quiet"], results: results).user },
      ]
    )
    report.add(
      "tune, 64 thresholds over 10 replications: user time, rival one threshold",
      ours: number(samples.seconds(0), digits: 2) + " s",
      rival: number(samples.seconds(1), digits: 2) + " s",
      ratio: samples.ratio(0, to: 1)
    )
  }

  /// A whole run of very many devices, with all files, beside the floor for its session.
  func measureLarge(_ scenario: String, devices: UInt32, blocks: UInt32, loss: Double, into report: inout Report) throws
  {
    let run = try Child(
      gapsim, ["run", "Benchmarks/\(scenario).yaml", "--jobs", "1", "--quiet"], results: results)
    let floor = seconds { _ = cfloor_session_by_losses(devices, blocks, loss, 1) }
    let name = "\(devices) devices × \(blocks) blocks at \(number(loss * 100, digits: 1)) %, whole run, measured once: "
    report.add(
      name + "user time, rival C geometric for the session",
      ours: number(run.user, digits: 1) + " s",
      rival: number(floor, digits: 2) + " s",
      ratio: run.user / floor
    )
    report.add(
      "— peak memory, rival 4 GiB",
      ours: number(run.peak / 1e6, digits: 0) + " MB",
      rival: "4295 MB",
      ratio: run.peak / 4_294_967_296
    )
  }

  /// Row 6: many replications on one core and on two.
  func measureJobs(rounds: Int, into report: inout Report) throws {
    let replications = 1000
    func start(_ replications: Int, jobs: Int, name: String = "") throws -> Child.Running {
      try Child.Running(
        gapsim,
        [
          "run", "Scenarios/congested-lan.yaml", "--set", "file.size=4 MiB", "--replications", "\(replications)",
          "--jobs", "\(jobs)", "--quiet",
        ],
        results: results + name
      )
    }
    let samples = try Samples(
      rounds: rounds,
      [
        { try start(replications, jobs: 2).wait().wall },
        { try start(replications, jobs: 1).wait().wall },
        {
          // They share nothing but the machine.
          let halves = try ["-1", "-2"].map { try start(replications / 2, jobs: 1, name: $0) }
          return try halves.map { try $0.wait().wall }.max() ?? 0
        },
      ]
    )
    report.add(
      "\(replications) replications of congested-lan (100 devices, 4 MiB): 2 jobs, rival 1 job",
      ours: number(samples.seconds(0), digits: 2) + " s",
      rival: number(samples.seconds(1), digits: 2) + " s",
      ratio: samples.ratio(0, to: 1)
    )
    report.add(
      "— the same, rival two processes with half of them each",
      ours: number(samples.seconds(0), digits: 2) + " s",
      rival: number(samples.seconds(2), digits: 2) + " s",
      ratio: samples.ratio(0, to: 2)
    )
  }
}
