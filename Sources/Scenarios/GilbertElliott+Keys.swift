import Network
import Quantities
import Timebase

/// The keys of Gilbert's and Elliott's chain, in its three forms: by packets, by time (N13), and as the share and the
/// length of its bursts.
struct GilbertElliott: Sendable {
  private var p: ProbabilityModel?
  private var r: ProbabilityModel?
  private var k = ProbabilityModel.constant(1)
  private var h = ProbabilityModel.constant(0)
  private var good: TimeModel?
  private var bad: TimeModel?
  private var lossInGood = ProbabilityModel.constant(0)
  private var lossInBad = ProbabilityModel.constant(1)
  private var loss: ProbabilityModel?
  private var burst: BurstLength?

  private init() {}

  init?(_ model: LossModel) {
    switch model {
    case .gilbertElliott(let p, let r, let k, let h): (self.p, self.r, self.k, self.h) = (p, r, k, h)
    case .gilbertElliottInTime(let good, let bad, let lossInGood, let lossInBad):
      (self.good, self.bad, self.lossInGood, self.lossInBad) = (good, bad, lossInGood, lossInBad)
    case .bursts(let loss, let length): (self.loss, burst) = (loss, length)
    default: return nil
    }
  }

  /// The model; nil if a key that it needs is missing.
  var model: LossModel? {
    if let p, let r { return .gilbertElliott(p: p, r: r, k: k, h: h) }
    if let good, let bad {
      return .gilbertElliottInTime(
        good: good, bad: bad, lossInGood: lossInGood, lossInBad: lossInBad)
    }
    if let loss, let burst { return .bursts(loss: loss, length: burst) }
    return nil
  }

  /// One of the forms: what it goes by, its keys, and which of them it needs.
  private struct Variant {
    let name: String
    let keys: [String]
    var required: [String] { Array(keys.prefix(2)) }
    let example: String
  }

  private static let variants = [
    Variant(name: "by packets", keys: ["p", "r", "k", "h"], example: "{p: 0.1 %, r: 10 %}"),
    Variant(name: "by time", keys: ["good", "bad", "loss_good", "loss_bad"], example: "{good: 2 s, bad: 50 ms}"),
    Variant(name: "by its bursts", keys: ["loss", "burst"], example: "{loss: 1 %, burst: 50 ms}"),
  ]

  static var form: Form<GilbertElliott> {
    var form = Form<GilbertElliott>.section(keys)
    form.description.schema = {
      let all = keys.described(at: "").keys
      return ScenarioSchema.any(
        variants.map { variant in
          let own = KeySection(path: "", title: nil, keys: all.filter { variant.keys.contains($0.name) })
          return ScenarioSchema.section(own) + [("required", .list(variant.required.map { .string($0) }))]
        })
    }
    return form
  }

  private static let keys = Section(GilbertElliott(), title: "Loss: `gilbert_elliott`") {
    Key("p", \.p, .optional(.probabilityModel), example: "0.1 %", "By packets: from the good to the bad state.")
      .defaulting(to: "given with `r`")
    Key("r", \.r, .optional(.probabilityModel), example: "10 %", "By packets: from the bad to the good state.")
      .defaulting(to: "given with `p`")
    Key(
      "k", \.k, .probabilityModel, example: "99.9 %",
      "By packets: the probability that a packet gets through in the good state."
    ).written(if: { $0.p != nil })
    Key(
      "h", \.h, .probabilityModel, example: "50 %",
      "By packets: the probability that a packet gets through in the bad state."
    ).written(if: { $0.p != nil })
    Key(
      "good", \.good, .optional(.stay), example: "2 s",
      """
      By time (N13): the mean stay in the good state. Stays are exponential. A distribution is drawn from once per device \
      and direction; a drawn mean below 10 us becomes 10 us.
      """
    ).defaulting(to: "given with `bad`")
    Key("bad", \.bad, .optional(.stay), example: "50 ms", "By time: the mean stay in the bad state.")
      .defaulting(to: "given with `good`")
    Key(
      "loss_good", \.lossInGood, .probabilityModel, example: "0.1 %",
      "By time: the probability that a packet is lost in the good state."
    ).written(if: { $0.good != nil })
    Key(
      "loss_bad", \.lossInBad, .probabilityModel, example: "80 %",
      "By time: the probability that a packet is lost in the bad state."
    ).written(if: { $0.good != nil })
    Key(
      "loss", \.loss, .optional(.probabilityModel), example: "1 %",
      "By its bursts: the share that is lost. A burst loses everything, and nothing is lost between two."
    ).defaulting(to: "given with `burst`")
    Key(
      "burst", \.burst, .optional(.burst), example: "50 ms",
      "By its bursts: their mean length, a time (N13) or a number of packets, like `4 packets`."
    ).defaulting(to: "given with `loss`")
  }.checked { chain, node, place in chain.isWhole(node, place) }

  /// Whether the given keys are those of one form, and all that it needs.
  private func isWhole(_ node: SourceNode, _ place: Place) -> Bool {
    let entries = (node.entries ?? []).filter { entry in Self.variants.contains { $0.keys.contains(entry.key) } }
    guard let variant = Self.variants.first(where: { $0.keys.contains(entries.first?.key ?? "") }) else {
      let forms = Self.variants.map { "\($0.example) (\($0.name))" }
      place.error(node.origin, "has none of its forms; write \(forms[0]), \(forms[1]) or \(forms[2])")
      return false
    }
    if let other = entries.first(where: { !variant.keys.contains($0.key) }) {
      let listed = variant.keys.joined(separator: ", ")
      place.key(other.key).error(
        other.keyOrigin,
        "does not go with '\(entries[0].key)', which makes it a chain \(variant.name); its keys are \(listed)")
      return false
    }
    for name in variant.required where !entries.contains(where: { $0.key == name }) {
      place.key(name).error(node.origin, "is missing; add it, like '\(name): \(Self.example(of: name))'")
    }
    guard let model else { return false }  // said already
    return isPossible(model, node, place)
  }

  private static func example(of key: String) -> String {
    switch key {
    case "p": "0.1 %"
    case "r": "10 %"
    case "good": "2 s"
    case "loss": "1 %"
    default: "50 ms"
    }
  }

  private func isPossible(_ model: LossModel, _ node: SourceNode, _ place: Place) -> Bool {
    switch model {
    case .gilbertElliott(.constant(0), .constant(0), _, _):
      place.error(
        node.origin,
        "p and r are both 0, so that the chain never moves and has no stationary state; let one of them be more than 0")
      return false
    case .gilbertElliottInTime(_, _, .constant(let good), .constant(let bad)) where good > bad:
      place.warn(
        node.origin,
        "loses more in the good state (\(good.percent)) than in the bad one (\(bad.percent)); exchange loss_good and"
          + " loss_bad if that is not meant")
    case .bursts(.constant(let loss), .packets(let packets)) where loss < 1 && packets * (1 - loss) < loss * (1 - 1e-9):
      let least = loss / (1 - loss)
      place.key("burst").error(
        node.origin,
        "bursts of \(packets.shortest) packets that lose \(loss.percent) have less than one packet between two; let burst"
          + " be at least \(((least * 100 - 1e-6).rounded(.up) / 100).shortest) packets, or loss smaller")
      return false
    default: break
    }
    return true
  }
}

extension Double {
  /// A share as a person writes it.
  var percent: String { "\((self * 1e11).rounded() / 1e9)".trimmingZero + " %" }
}

extension String {
  fileprivate var trimmingZero: String { hasSuffix(".0") ? String(dropLast(2)) : self }
}

extension Form where Value == TimeModel {
  /// A mean stay in a state.
  fileprivate static var stay: Form {
    Form.timeModel.map(
      { model, node, place in
        guard case .constant(let time) = model, time < leastStay else { return model }
        return place.refuse(
          node, "\(node.found) is out of range; allowed: 10 us … 365 d, for a shorter stay sees no packet, or one")
      }, from: { $0 })
  }

  private static var leastStay: Nanoseconds { .microseconds(10) }
}

extension Form where Value == BurstLength {
  /// The mean length of a burst: a time, or packets.
  fileprivate static var burst: Form {
    let time = Form<TimeModel>.stay
    let expectation = "a time like '50 ms', a distribution of it, or a number of packets like '4 packets'"
    return Form(
      description: FormDescription(
        expectation: expectation,
        schema: {
          ScenarioSchema.any([
            ScenarioSchema.reference("time_model"),
            ScenarioSchema.pattern("^[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?\\s*packets?$"),
          ])
        }),
      read: { node, place in
        guard let text = node.scalar, let number = text.beforePackets else {
          if let text = node.scalar, text.allSatisfy({ $0.isNumber || ".,_".contains($0) }), !text.isEmpty {
            return place.refuse(
              node, "'\(text.excerpt)' has no unit; write '\(text.excerpt) packets', or a time like '50 ms'")
          }
          if let text = node.scalar, case .failure(let error) = Quantity.time.parse(text) {
            let message = error.message.replacing("allowed units: ", with: "allowed units: packets, ")
            return place.refuse(node, message, suggestion: error.suggestion)
          }
          return time.read(node, place).map { .time($0) }
        }
        guard let packets = place.unwrap(PlainNumber.real(number, percent: false), node) else { return nil }
        guard (1...1e9).contains(packets) else {
          return place.refuse(node, "\(node.found) is out of range; allowed: 1 … 1_000_000_000 packets")
        }
        return .packets(packets)
      },
      write: { length in
        switch length {
        case .time(let model): time.write(model)
        case .packets(let packets): .string("\(packets.shortest) packets")
        }
      })
  }
}

extension String {
  /// `4 packets` without its unit; nil if it has another one.
  fileprivate var beforePackets: String? {
    for unit in ["packets", "packet"] where hasSuffix(unit) { return String(dropLast(unit.count)).trimmed }
    return nil
  }
}
