import Glibc
import Network
import RandomStreams

extension Form where Value == LossModel {
  /// How packets get lost (N6): nothing, one of the models, or a list of them (N13).
  static var loss: Form {
    let expectation =
      "none, one of the models \(models.names.listed), like {bernoulli: 1 %}, or a list of them"
    let several = Form<[LossModel]>.list(model, expectation).limited(to: mostModels, "loss models")
    var list = several.map(
      { $0.count == 1 ? $0[0] : .anyOf($0) }, from: { if case .anyOf(let models) = $0 { models } else { nil } })
    list.description.nested = { _ in [] }  // those of the one model
    return ways(expectation, [(.keys, model), (.list, list)]).orNone(.none, isWritten: true).shared("loss")
  }

  /// The most models of a list.
  private static var mostModels: Int { 64 }

  /// One of the models.
  static var model: Form {
    var form = oneOf(
      models, what: "loss models",
      expectation: "one of the models \(models.names.listed), like {bernoulli: 1 %}")
    form.description.definition = ("loss_model", form.description.schema)
    form.description.schema = { ScenarioSchema.reference("loss_model") }
    return form
  }

  private static var models: Section<LossModel> {
    Section(LossModel.none, title: "Loss") {
      Key(
        "bernoulli", { .bernoulli(p: $0) }, from: { if case .bernoulli(let p) = $0 { p } else { nil } }, .bernoulli,
        example: "1 %", "Each packet is lost with one probability, whatever became of the others.")
      Key(
        "gilbert_elliott", { $0.model ?? .none }, from: { GilbertElliott($0) }, GilbertElliott.form,
        example: "{good: 2 s, bad: 50 ms}",
        """
        Loss in bursts: a path is in a good or a bad state, and starts in its stationary state. It goes by packets \
        (`{p: 0.1 %, r: 10 %, h: 50 %}`: it steps once per packet, so a burst waits while nobody sends), by time \
        (`{good: 2 s, bad: 50 ms, loss_good: 0 %, loss_bad: 100 %}`), or is given as people measure it \
        (`{loss: 1 %, burst: 50 ms}`, `{loss: 1 %, burst: 4 packets}`).
        """)
      Key(
        "runs", { .runs(good: $0.good, lost: $0.lost) }, from: { Runs($0) }, .section(Runs.keys),
        example: "{good: {geometric: {p: 0.01}}, lost: 3}",
        "Runs of received and of lost packets in turn, the first one received.")
      Key(
        "outages", { .outages($0) }, from: { if case .outages(let model) = $0 { model } else { nil } }, .outages,
        example: "{every: 10 min, for: 2 s}",
        """
        Nothing passes for some time: again and again, or at listed times. The instant at which a packet would arrive \
        without jitter decides on it (N13).
        """)
      Key(
        "trace", { .trace($0) }, from: { if case .trace(let trace) = $0 { trace } else { nil } }, .trace,
        example: "{lost: [3, 17, 20-25], length: 300}",
        """
        The lost packets by their number, counted from 1 on each path and direction: one list for all devices of the \
        cohort, a list for each, or the name of a file in the scenario's folder or below. A file has 0 and 1 (1 is lost; a \
        string, or one a line), lines `device: 3 17 20-25` (`all:` for every device), or CSV rows under the header \
        `device,packet` or `device,lost` (0 or 1, in the order of the packets); `#` begins a comment. Under keys it also has \
        a length, and says what comes after it (N14).
        """)
    }
  }
}

extension [String] {
  /// `a, b and c`.
  fileprivate var listed: String { dropLast().joined(separator: ", ") + " and " + (last ?? "") }
}

extension Form where Value == ProbabilityModel {
  /// The probability of a Bernoulli process, by itself or as `{p: …}`.
  fileprivate static var bernoulli: Form {
    let expectation = "a probability like '1 %', or {p: …}"
    let section = Form.section(
      Section(ProbabilityModel.constant(0), title: "Loss: `bernoulli`") {
        Key(
          "p", \.self, .probabilityModel, example: "{beta: {a: 2, b: 98}}",
          "The probability; a distribution is drawn from once per device and direction."
        ).required
      })
    let probability = Form.probabilityModel
    var keys = section
    keys.read = { node, place in
      let isDistribution =
        node.entries?.contains { entry in
          entry.key == "constant" || DistributionForm.all.contains { $0.name == entry.key }
        } ?? false
      return (isDistribution ? probability : section).read(node, place)
    }
    var form = ways(expectation, [(.text, probability), (.keys, keys)]).refusing { node, _ in
      node.scalar == "" ? node.isNot(expectation) : nil
    }
    form.description.takesEmpty = true
    return form
  }
}

/// The lengths of runs.
private struct Runs: Sendable {
  var good = CountModel.constant(1)
  var lost = CountModel.constant(0)

  init() {}

  init?(_ model: LossModel) {
    guard case .runs(let good, let lost) = model else { return nil }
    (self.good, self.lost) = (good, lost)
  }

  /// How probable it must be at least that a run of good and one of lost packets have a packet between them: where both are
  /// empty, they are drawn again.
  private static let leastProgress = 1e-6

  static let keys = Section(Runs(), title: "Loss: `runs`") {
    Key("good", \.good, .countModel, example: "{geometric: {p: 0.01}}", "The packets of a received run.").required
    Key("lost", \.lost, .countModel, example: "3", "The packets of a lost run.").required
  }.checked { runs, node, place in
    let always = runs.good.probabilityOfZero * runs.lost.probabilityOfZero
    guard 1 - always < leastProgress else { return true }
    place.error(
      node.origin,
      "good and lost are both \(always == 1 ? "" : "nearly ")always 0, so that no packet is either; let one of them be"
        + " more than 0")
    return false
  }
}

extension CountModel {
  /// The probability of a run without a packet.
  fileprivate var probabilityOfZero: Double {
    switch self {
    case .constant(let count): count == 0 ? 1 : 0
    case .drawn(.poisson(let mean)): exp(-mean)
    case .drawn(.negativeBinomial(let p, let n)): pow(p, n)
    case .drawn(.values(let counts)): Double(counts.count { $0 == 0 }) / Double(counts.count)
    case .drawn(.weighted(let counts)): counts.probability { $0 == 0 }
    case .drawn: 0  // the others count from 1
    }
  }
}
