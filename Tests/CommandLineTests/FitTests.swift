import Foundation
import TestSupport
import Testing

/// `gapsim fit` as a user calls it.
@Suite struct FitTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func write(_ text: String, _ name: String) throws -> String {
    try text.write(toFile: folder.path(name), atomically: true, encoding: .utf8)
    return folder.path(name)
  }

  /// Runs of 1, 2, 3 … lost packets, each half as frequent as the one before, and received ones as of a geometric law.
  private var bursts: String {
    (1...400).map { run in
      let received = 1 + Int(-log(Double(run * 300 % 401) / 401) * 35)
      return String(repeating: "0", count: received) + String(repeating: "1", count: run.trailingZeroBitCount + 1)
    }
    .joined() + "000"
  }

  @Test func aTraceBecomesAScenarioThatRuns() throws {
    let (trace, scenario) = (try write(bursts, "trace.txt"), folder.path("measured.yaml"))
    let outcome = try Program.run("fit", trace, "-o", scenario)
    expect(outcome.status, equals: 0, "\(outcome.errors)")
    #expect(outcome.output.contains(" lost ("))
    #expect(outcome.output.contains("parameters ± standard error"))
    #expect(outcome.output.contains("best by BIC"))
    #expect(outcome.output.hasSuffix("next: gapsim run \(scenario)\n"))
    let valid = try Program.run("validate", scenario)
    #expect(valid.status == 0 && valid.errors.contains("the chain goes by packets"), "\(valid.errors)")
    let text = try String(contentsOfFile: scenario, encoding: .utf8)

    try expect(Program.run("fit", trace, "-o", scenario).status, equals: 73, "it is not overwritten")
    try expect(Program.run("fit", trace, "-o", scenario, "--force", "--json").status, equals: 0)
    try expect(
      String(contentsOfFile: scenario, encoding: .utf8), equals: text, "the same trace gives the same scenario")
  }

  @Test func theStandardInputIsMeasuredToo() throws {
    let file = try Program.run("fit", try write(bursts, "trace.txt"), "--json")
    let piped = try Program.run("fit", "-", "--json", input: bursts)
    expect(piped.status, equals: 0, "\(piped.errors)")
    expect(piped.output, equals: file.output.replacing(folder.path("trace.txt"), with: "-"))
    let twice = try Program.run("fit", "-", "-", input: bursts)
    #expect(twice.status == 65 && twice.errors.contains("the standard input is there once"), "\(twice.errors)")
  }

  @Test func jsonHasEachModelTheBestFirst() throws {
    let outcome = try Program.run("fit", try write(bursts, "trace.txt"), "--json")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let models = try #require(object["models"] as? [[String: Any]])
    expect(models.count, equals: 5)
    expect(
      models.compactMap { $0["bic_difference"] as? Double },
      equals: models.compactMap { $0["bic_difference"] as? Double }.sorted())
    expect(object["lost"] as? Int, equals: bursts.count { $0 == "1" })
    #expect((object["files"] as? [[String: Any]])?.first?["sha256"] as? String != nil)
  }

  @Test func picturesAreDrawn() throws {
    let outcome = try Program.run("fit", try write(bursts, "trace.txt"), "--plots", folder.path("pictures"))
    expect(outcome.status, equals: 0, "\(outcome.errors)")
    let names = Set(try folder.files(in: "pictures").keys)
    #expect(names.isSuperset(of: ["lost-runs.svg", "received-runs.png", "quantiles.csv", "pictures.txt"]))
  }

  @Test func thePageHasTheSentenceTheModelsAndTheCharts() throws {
    let outcome = try Program.run("fit", try write(bursts, "trace.txt"), "--html", folder.path("fit.html"))
    expect(outcome.status, equals: 0, "\(outcome.errors)")
    #expect(outcome.output.hasSuffix("wrote \(folder.path("fit.html")); open it in a browser\n"))
    let page = try String(contentsOfFile: folder.path("fit.html"), encoding: .utf8)
    #expect(page.contains("is the best by BIC") && page.contains("<table class=\"data\" id=\"t-models\">"))
    for chart in ["lost-runs", "received-runs", "quantiles"] { #expect(page.contains("\"\(chart)\":{\"isStacked\"")) }
    try "mine".write(toFile: folder.path("mine.html"), atomically: true, encoding: .utf8)
    let refused = try Program.run("fit", folder.path("trace.txt"), "--html", folder.path("mine.html"))
    #expect(refused.status == 73 && refused.errors.contains("mine.html"), "\(refused.status) \(refused.errors)")
  }

  @Test func whatIsWrongIsSaidWithACode() throws {
    let list = try write("1: 3 4\n", "list.txt")
    for (arguments, status, says) in [
      ([folder.path("none")], Int32(66), "does not exist"), ([folder.url.path], 66, "not an ordinary file"),
      ([list], 65, "--packets"), ([], 64, "Missing"), ([list, "--packets", "x"], 64, "--packets"),
      ([try write("01\n02", "bad.txt")], 65, "bad.txt:2: "),
      ([list, "--packets", "9", "-o", folder.path("no/where.yaml")], 73, "where.yaml"),
    ] {
      let outcome = try Program.run(["fit"] + arguments)
      expect(outcome.status, equals: status, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(says), "\(outcome.errors)")
    }
  }

  @Test func nothingLostIsSaidWithItsBound() throws {
    let outcome = try Program.run("fit", try write(String(repeating: "0", count: 1000), "clean.txt"))
    expect(outcome.status, equals: 0)
    #expect(outcome.output.contains("at most 0.30 %, with 95 % confidence"), "\(outcome.output)")
  }

  /// A scenario whose losses are known: what is found in its captures is what the log says.
  @Test func lossesOfCapturesAreThoseOfTheLog() throws {
    let scenario = try write(
      """
      file: {size: 1500 KiB}
      replications: 1
      seed: 3
      protocol: {windowsize: 16, timeout: 250 ms}
      cohorts:
        - {name: clean}
        - {name: lossy, count: 2, loss: {gilbert_elliott: {p: 1 %, r: 20 %, h: 30 %}}}

      """, "lossy.yaml")
    for place in ["server", "group", "device:2", "device:3"] {
      let outcome = try Program.run(
        "run", scenario, "-o", folder.path("results"), "--force", "--quiet", "--pcap",
        folder.path(place.replacing(":", with: "")), "--pcap-at", place)
      expect(outcome.status, equals: 0, "\(outcome.errors)")
    }
    for device in 2...3 {
      let log = try Program.run("log", scenario, "--device", "\(device)").output.split(separator: "\n")
      // The device listens from the first DATA that it gets to the last one.
      let data = log.filter {
        $0.contains(" DATA ") && $0.contains(" of the group") && $0.contains("\tdevice \(device)\t")
      }
      let isReceived = { (line: Substring) in line.contains("gets DATA") && !line.contains("does not") }
      let heard = try data[#require(data.firstIndex(where: isReceived))...#require(data.lastIndex(where: isReceived))]
      let lost = heard.count { $0.contains("lost on the way") }
      for sender in ["server", "group"] {
        let outcome = try Program.run(
          "fit", folder.path("device\(device)"), "--sent", folder.path(sender), "--json")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(object["lost"] as? Int == lost && lost > 0)
        expect(object["packets"] as? Int, equals: heard.count)
      }
      // By its own numbers it sees the first pass: nothing was sent twice there.
      let alone = try Program.run("fit", folder.path("device\(device)"), "--json")
      let object = try #require(try JSONSerialization.jsonObject(with: Data(alone.output.utf8)) as? [String: Any])
      #expect(try #require(object["lost"] as? Int) <= lost)
      #expect(try #require(object["packets"] as? Int) > 1000)
    }
  }
}
