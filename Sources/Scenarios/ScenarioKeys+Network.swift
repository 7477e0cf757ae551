/// The keys of the server, the cohorts and the limits, and of the forms that several keys share.
extension ScenarioKeys {
  static let server: [ScenarioKey] = [
    ScenarioKey(
      "server",
      .section,
      default: .described("all defaults"),
      example: "{rate: 1 Gbit/s}",
      "The server and its uplink."
    ),
    ScenarioKey(
      "server.rate",
      .quantity(.rate, 1_000...100_000_000_000_000),
      default: .value("1 Gbit/s"),
      example: "1 Gbit/s",
      "The rate of the uplink that multicast and unicast share (N2)."
    ),
    ScenarioKey(
      "server.queue",
      .integer(1...1_000_000_000),
      default: .nothing,
      example: "1000",
      "The packets that may wait at the uplink; one that finds it full is lost for everyone (N2). `none` sets no limit."
    ),
    ScenarioKey(
      "server.service",
      time(0),
      default: .value("20 us"),
      example: "20 us",
      "How long the server takes from an arrival to its answer (N4)."
    ),
    ScenarioKey(
      "server.shared_loss",
      .loss,
      default: .nothing,
      example: "{bernoulli: 0.1 %}",
      "Loss of multicast before the fan-out: it takes a packet from every device at once (N5)."
    ),
  ]

  static let cohort: [ScenarioKey] = [
    ScenarioKey(
      "cohorts",
      .sections,
      default: .required,
      example: "[{name: desks, count: 500}]",
      "Groups of devices that are alike, at most 100 000. Devices are numbered from 1 through all cohorts in this order."
    ),
    ScenarioKey(
      "cohorts[].name",
      .name,
      default: .described("cohort-1, cohort-2, …"),
      example: "desks",
      "The cohort's name, as it stands in `devices.csv`; no two are the same. At most 200 characters, and no control"
        + " characters, beginnings of formulas or turning marks, as in `name`."
    ),
    ScenarioKey(
      "cohorts[].count",
      .integer(1...mostDevices),
      default: .described("the length of a list in `join`, else 1"),
      example: "500",
      "How many devices it has. All cohorts together have at most 16 000 000."
    ),
    ScenarioKey(
      "cohorts[].join",
      .join,
      default: .value("0 s"),
      example: "{at: {uniform: {low: 0 s, high: 5 min}}}",
      "When its devices are switched on (N7)."
    ),
    ScenarioKey(
      "cohorts[].leaves",
      .leaves,
      default: .nothing,
      example: "[{device: 1, at: 5 s}]",
      "When its devices are switched off (N8)."
    ),
    ScenarioKey(
      "cohorts[].latency",
      .timeModel,
      default: .value("100 us"),
      example: "{lognormal: {median: 200 us, sigma: 0.5}}",
      "How long a packet takes from the uplink to a device, and back; drawn once per device (N3)."
    ),
    ScenarioKey(
      "cohorts[].jitter",
      .timeModel,
      default: .nothing,
      example: "{exponential: {mean: 20 us}}",
      "What comes on top of the latency, drawn per packet; packets never overtake each other (N3)."
    ),
    ScenarioKey(
      "cohorts[].turnaround",
      time(0),
      default: .value("20 us"),
      example: "20 us",
      "How long a device takes from an arrival to its answer (N4)."
    ),
    ScenarioKey(
      "cohorts[].loss",
      .loss,
      default: .nothing,
      example: "{bernoulli: 1 %}",
      "Loss on the way from the server to a device (N5, N6)."
    ),
    ScenarioKey(
      "cohorts[].upstream_loss",
      .loss,
      default: .nothing,
      example: "{bernoulli: 0.1 %}",
      "Loss on the way from a device to the server (N5, N6)."
    ),
  ]

  static let limits: [ScenarioKey] = [
    ScenarioKey(
      "limits",
      .section,
      default: .described("all defaults"),
      example: "{time: 1 h}",
      "What ends a run that would not end by itself."
    ),
    ScenarioKey(
      "limits.time",
      time(1),
      default: .value("24 h"),
      example: "24 h",
      "The last instant that is simulated."
    ),
    ScenarioKey(
      "limits.events",
      .integer(1...100_000_000_000),
      default: .value("10_000_000_000"),
      example: "10_000_000_000",
      "The most events: devices switched on or off, packets offered to the uplink, packets that reach the server,"
        + " unicast packets that reach a device, and timers that come due."
    ),
    ScenarioKey(
      "limits.memory",
      .quantity(.size, 1 << 20...1 << 50),
      default: .described("half of the machine's memory"),
      example: "8 GiB",
      "How much memory the runs that are in work at a time may take by the program's estimate, which `gapsim validate` says: 20"
        + " MB, and for each run 2 kB a device, 8 bytes a loss, and what each step of a timeline up to `limits.time` takes."
        + " A scenario that takes more is refused before anything runs; fewer runs are in work at a time where `--jobs` is not"
        + " given. No result depends on it."
    ),
  ]

  static let loss: [ScenarioKey] = [
    ScenarioKey(
      "loss.bernoulli",
      .bernoulli,
      default: .described("not used"),
      example: "1 %",
      "Each packet is lost with one probability, whatever became of the others."
    ),
    ScenarioKey(
      "loss.bernoulli.p",
      .probabilityModel,
      default: .required,
      example: "{beta: {a: 2, b: 98}}",
      "The probability; a distribution is drawn from once per device and direction."
    ),
    ScenarioKey(
      "loss.gilbert_elliott",
      .section,
      default: .described("not used"),
      example: "{p: 0.1 %, r: 10 %, h: 50 %}",
      "Loss in bursts: a path is in a good or a bad state, steps once per packet and starts in its stationary state."
    ),
    ScenarioKey(
      "loss.gilbert_elliott.p",
      .probabilityModel,
      default: .required,
      example: "0.1 %",
      "From the good to the bad state."
    ),
    ScenarioKey(
      "loss.gilbert_elliott.r",
      .probabilityModel,
      default: .required,
      example: "10 %",
      "From the bad to the good state."
    ),
    ScenarioKey(
      "loss.gilbert_elliott.k",
      .probabilityModel,
      default: .value("1"),
      example: "99.9 %",
      "The probability that a packet gets through in the good state."
    ),
    ScenarioKey(
      "loss.gilbert_elliott.h",
      .probabilityModel,
      default: .value("0"),
      example: "50 %",
      "The probability that a packet gets through in the bad state."
    ),
    ScenarioKey(
      "loss.runs",
      .section,
      default: .described("not used"),
      example: "{good: {geometric: {p: 0.01}}, lost: 3}",
      "Runs of received and of lost packets in turn, the first one received."
    ),
    ScenarioKey(
      "loss.runs.good",
      .countModel,
      default: .required,
      example: "{geometric: {p: 0.01}}",
      "The packets of a received run."
    ),
    ScenarioKey("loss.runs.lost", .countModel, default: .required, example: "3", "The packets of a lost run."),
    ScenarioKey(
      "loss.trace",
      .trace,
      default: .described("not used"),
      example: "[[3, 17, 20-25], [4]]",
      "The lost packets by their number, counted from 1 on each path and direction: one list for all devices of the"
        + " cohort, a list for each, or the name of a file in the scenario's folder or below."
        + " A file has lines `device: 3 17 20-25`"
        + " (`all:` for every device) or CSV rows under the header `device,packet`; `#` begins a comment."
    ),
  ]

  static let join: [ScenarioKey] = [
    ScenarioKey(
      "join.at",
      .timeModel,
      default: .value("0 s"),
      example: "{uniform: {low: 0 s, high: 5 min}}",
      "Each device joins at a time of its own draw; beside `every`, the fixed time from which the first one is counted."
    ),
    ScenarioKey(
      "join.every",
      .timeModel,
      default: .described("not used"),
      example: "{exponential: {mean: 2 s}}",
      "The devices join one after the other, this far apart, the first one this long after `at`."
    ),
  ]

  static let leaves: [ScenarioKey] = [
    ScenarioKey(
      "leaves.at",
      .timeModel,
      default: .required,
      example: "5 s",
      "Every device is switched off at a time of its own draw."
    ),
    ScenarioKey(
      "leaves[].device",
      .integer(1...mostDevices),
      default: .required,
      example: "1",
      "A device by its number within the cohort, from 1."
    ),
    ScenarioKey("leaves[].at", time(0), default: .required, example: "5 s", "When this device is switched off."),
  ]
}
