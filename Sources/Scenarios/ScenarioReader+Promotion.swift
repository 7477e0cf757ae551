import PromotionEngine
import Runs
import Quantities

/// Checks of who may be promoted: keys without effect, and thresholds beyond the file.
extension ScenarioReader {
  private static let promotion = "protocol.promotion"
  private static let threshold = "protocol.promotion.threshold"

  func checkPromotion(_ network: SimulationConfiguration, size: UInt64?) {
    guard network.speaksPromotion || network.cohorts.isEmpty else {
      // One scenario may serve all strategies.
      return network.strategy.promotes ? checkSilence(of: network) : ()
    }
    let threshold = network.parameters.promotion.threshold
    if threshold == 0 {
      for key in ScenarioKeys.keys(of: Self.promotion) where key.name != "threshold" && key.name != "continuity" {
        warn(key.path, "without a threshold nobody is promoted")
      }
    } else if let size, threshold > size {
      warn(
        origin(of: Self.threshold), Self.threshold,
        "\(Quantity.size.format(threshold)) is more than the file's size, \(Quantity.size.format(size)): every device that"
          + " misses anything is below it")
    }
  }

  /// Nobody may be promoted, for the server does not speak of promotion, or no device does (R14).
  private func checkSilence(of network: SimulationConfiguration) {
    let parameters = network.parameters
    let who = parameters.speaksPromotion ? "with promotion: off in every cohort" : "with server.promotion: off"
    for key in ScenarioKeys.keys(of: Self.promotion)
    where key.path != Self.threshold || parameters.promotion.threshold > 0 {
      warn(key.path, "\(who) nobody is promoted")
    }
    guard parameters.mode == .rfc2090 else { return }
    for key in ["protocol.notice_copies", "protocol.notice_interval"] {
      warn(key, "\(who) there is no check, and no notice")
    }
    if parameters.activeOrder != .arrival {
      warn("protocol.active_order", "\(who) the server knows nobody's gaps, and elects by arrival")
    }
  }

  /// Warns about a key without effect, if it is given.
  private func warn(_ path: String, _ reason: String) {
    if isGiven(path) { warn(origin(of: path), path, "has no effect: \(reason)") }
  }
}
