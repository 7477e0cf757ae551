import Glibc
import Network
import RandomStreams

extension Form where Value == LossModel {
  /// How packets get lost (N6): nothing, or one of the models.
  static var loss: Form {
    oneOf(
      models, what: "loss models",
      expectation: "none, or one of the models \(models.names.listed), like {bernoulli: 1 %}"
    ).orNone(.none, isWritten: true).shared("loss")
  }

  private static var models: Section<LossModel> {
    Section(LossModel.none, title: "Loss") {
      Key(
        "bernoulli", { .bernoulli(p: $0) }, from: { if case .bernoulli(let p) = $0 { p } else { nil } }, .bernoulli,
        example: "1 %", "Each packet is lost with one probability, whatever became of the others.")
      Key(
        "gilbert_elliott", { .gilbertElliott(p: $0.p, r: $0.r, k: $0.k, h: $0.h) }, from: { GilbertElliott($0) },
        .section(GilbertElliott.keys), example: "{p: 0.1 %, r: 10 %, h: 50 %}",
        "Loss in bursts: a path is in a good or a bad state, steps once per packet and starts in its stationary state.")
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
        "trace", { .trace($0) }, from: { if case .trace(let lists) = $0 { lists } else { nil } }, .trace,
        example: "[[3, 17, 20-25], [4]]",
        """
        The lost packets by their number, counted from 1 on each path and direction: one list for all devices of the \
        cohort, a list for each, or the name of a file in the scenario's folder or below. A file has lines \
        `device: 3 17 20-25` (`all:` for every device) or CSV rows under the header `device,packet`; `#` begins a \
        comment.
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

/// The parameters of Gilbert's and Elliott's chain.
private struct GilbertElliott: Sendable {
  var p = ProbabilityModel.constant(0)
  var r = ProbabilityModel.constant(0)
  var k = ProbabilityModel.constant(1)
  var h = ProbabilityModel.constant(0)

  init() {}

  init?(_ model: LossModel) {
    guard case .gilbertElliott(let p, let r, let k, let h) = model else { return nil }
    (self.p, self.r, self.k, self.h) = (p, r, k, h)
  }

  static let keys = Section(GilbertElliott(), title: "Loss: `gilbert_elliott`") {
    Key("p", \.p, .probabilityModel, example: "0.1 %", "From the good to the bad state.").required
    Key("r", \.r, .probabilityModel, example: "10 %", "From the bad to the good state.").required
    Key("k", \.k, .probabilityModel, example: "99.9 %", "The probability that a packet gets through in the good state.")
    Key("h", \.h, .probabilityModel, example: "50 %", "The probability that a packet gets through in the bad state.")
  }.checked { chain, node, place in
    guard chain.p == .constant(0), chain.r == .constant(0) else { return true }
    place.error(
      node.origin,
      "p and r are both 0, so that the chain never moves and has no stationary state; let one of them be more than 0")
    return false
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
    case .drawn: 0  // the others count from 1
    }
  }
}
