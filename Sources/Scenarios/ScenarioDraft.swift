import BlockTransfer
import PromotionEngine
import Quantities
import Timebase
import Runs

/// A scenario from its keys, before its parts are checked against each other.
struct ScenarioDraft: Sendable {
  /// The version of the format.
  var version = ScenarioKeys.formatVersion
  /// The file's size; nil until it is read.
  var size: UInt64?
  /// Everything else.
  var scenario: Scenario

  /// The network. Its file is correct when the scenario is made.
  var network: SimulationConfiguration {
    get { scenario.network }
    set { scenario.network = newValue }
  }

  /// All defaults.
  init() {
    guard let file = FileLayout(size: 0, blockSize: 1) else { preconditionFailure("a file of one block") }
    scenario = Scenario(
      name: "", network: SimulationConfiguration(parameters: ProtocolParameters(), file: file, cohorts: []))
  }

  /// The values of a scenario from its keys.
  init(_ scenario: Scenario) {
    self.scenario = scenario
    size = scenario.network.file.size
  }
}

extension ScenarioDraft {
  /// The keys of a scenario.
  static let keys = Section(ScenarioDraft(), title: "The experiment") {
    Key("gapsim", \.version, .version, example: "1", "The version of this file format.")
    Key(
      "name", \.scenario.name, .name(longest: ScenarioReader.longestName), example: "lab-boot",
      """
      The scenario's name, as it stands in every row of the results and in file names. At most 200 bytes in UTF-8, no \
      control characters, no `/`, no point at the beginning; none of `=`, `+`, `-` and `@` there either, which begin \
      formulas, and no marks that turn text around. One that readers of CSV take for a missing value (`NA`, `null`) \
      or a number gets a warning.
      """
    ).defaulting(to: "the file's name without its extension")
    Key(
      "description", \.scenario.description, .text(longest: 10_000), example: "A lab of 500 devices boots one image.",
      "What the scenario shows, for people. At most 10 000 characters."
    ).defaulting(to: "empty")
    Key(
      "seed", \.scenario.seed, .integer(0...UInt64.max), example: "1",
      "The seed of all random numbers: the same scenario and seed give the same results, byte for byte.")
    Key(
      "replications", \.scenario.replications, .integer(1...1_000_000), example: "10",
      """
      How many times the scenario is run, each time with other random numbers. Replication 7 is the same in a batch of \
      10 or of 1000.
      """)
    Key("file", \.self, file, example: "{size: 48 MiB}", "The boot image.").required
    Key(
      "timeline", \.scenario.network.timelineStep, .orNone(.time(from: .microseconds(1))), example: "1 s",
      """
      The step of `timeline.csv`: how many devices are in each role, and how busy the uplink is. `none` writes no \
      timeline. The option `--timeline` sets it too.
      """)
    Key(
      "expect", \.scenario.expectations, .expectations, example: "[failed_devices == 0, completion_p95_s < 60 s]",
      """
      What the results must be: conditions on the metrics of `runs.csv`, with `<`, `<=`, `>`, `>=`, `==` or `!=`. A time \
      or a size has its unit, a share may have a `%`, any other value is a plain number. `completion_p95_s of wifi < \
      60 s` asks it of the devices of one cohort, by the metrics of `cohorts.csv`; a name with other characters than \
      letters, digits, `-`, `_` and `.` stands within `'`. Each replication must meet each condition, and one in \
      which the metric has no value does not. When a condition fails `gapsim run`, and `gapsim sweep` at each point, \
      say which, with the figures, and end with exit code 1; the results are written all the same. `{that: …, in: \
      mean}` asks it of the mean.
      """)
    Key(
      "protocol", \.scenario.network, SimulationConfiguration.protocolKeys, example: "{windowsize: 4}",
      "What the two ends agree on.")
    Key(
      "server", \.scenario.network, SimulationConfiguration.serverKeys, example: "{rate: 1 Gbit/s}",
      "The server and its uplink.")
    Key(
      "segments", \.scenario.network.segments, .segments.orNone([]),
      example: "{floor-2: {rate: 100 Mbit/s, queue: 200}}",
      """
      Ports below the server's uplink, by their names: switches, trunks, Wi-Fi cells. Each has a rate and may have a \
      queue and loss of its own. A cohort says on which `segment` its devices are. At most 1000 (N10).
      """
    ).defaulting(to: "none").quiet
    Key(
      "cohorts", \.scenario.network.cohorts, .cohorts, example: "[{name: desks, count: 500}]",
      """
      Groups of devices that are alike, at most 100 000. Devices are numbered from 1 through all cohorts in this order.
      """
    ).required
    Key("limits", \.self, limits, example: "{time: 1 h}", "What ends a run that would not end by itself.")
    Key(
      "sweep", \.scenario.sweep, .sweep, example: "{vary: {protocol.promotion.threshold: 0..1 MiB:9}}",
      """
      What `gapsim sweep` varies. Other commands run the scenario as it stands. All points have the same seed (common \
      random numbers).
      """
    ).defaulting(to: "nothing is varied")
  }

  private static let file = Section(ScenarioDraft()) {
    Key(
      "size", \.size, .optional(.size(0...(1 << 48))), example: "48 MiB",
      "The image's size. It divides into `size / blksize + 1` blocks, the last one short, possibly empty (RFC 1350)."
    ).required
  }

  private static let limits = Section(ScenarioDraft()) {
    Key(
      "time", \.scenario.network.limits.time, .time(from: Nanoseconds(1)), example: "24 h",
      "The last instant that is simulated.")
    Key(
      "events", \.scenario.network.limits.events, .integer(1...100_000_000_000), example: "10_000_000_000",
      """
      The most events: devices switched on or off, packets offered to the uplink, packets that reach the server, \
      unicast packets that reach a device, and timers that come due.
      """)
    Key(
      "memory", \.scenario.memoryLimit, .optional(.size((1 << 20)...(1 << 50))), example: "8 GiB",
      """
      How much memory the runs that are in work at a time may take by the program's estimate, which `gapsim validate` \
      says: 20 MB, and for each run 2 kB a device, 8 bytes a loss, what each step of a timeline up to `limits.time` \
      takes, and of windows of more than 64 blocks 200 bytes for each block beyond and each device (500 for those of \
      `smart_window`). A scenario that takes more is refused before anything runs; fewer runs are in work at a time where \
      `--jobs` is not given. No result depends on it.
      """
    ).defaulting(to: "half of the machine's memory")
  }
}

extension Form where Value == UInt64 {
  /// A version of the format, at most the newest one.
  fileprivate static var version: Form {
    let newest = ScenarioKeys.formatVersion
    return .integer(1...newest).refusing { node, _ in
      guard let text = node.scalar, case .success(let version) = PlainNumber.integer(text), version > newest else {
        return nil
      }
      return "format version \(version) is newer than this program, which reads version \(newest)"
    }
  }
}
