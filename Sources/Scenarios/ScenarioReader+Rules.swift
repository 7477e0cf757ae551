import Network
import PromotionEngine
import Quantities
import Timebase
import Runs

/// Checks of the rules that a scenario may add to the protocol: R22–R24.
extension ScenarioReader {
  /// R24.
  func checkBackoff(_ parameters: ProtocolParameters) {
    let (backoff, most) = ("protocol.backoff", "protocol.max_timeout")
    if parameters.backoff == 1 {
      guard isGiven(most), parameters.maxTimeout != ProtocolParameters().maxTimeout else { return }
      warn(origin(of: most), most, "has no effect: without a backoff no timeout grows")
    } else if parameters.maxTimeout < parameters.timeout {
      error(
        origin(of: most, "protocol.timeout", backoff),
        most,
        "\(format(parameters.maxTimeout)) is less than timeout, \(format(parameters.timeout)); set it to at least"
          + " \(format(parameters.timeout)), or leave backoff out"
      )
    } else if parameters.maxTimeout == parameters.timeout {
      warn(
        origin(of: backoff), backoff,
        "has no effect: timeout is max_timeout already, \(format(parameters.maxTimeout))")
    }
  }

  /// R23. There are this many devices; 0 if no cohort could be read.
  func checkHandOver(_ parameters: ProtocolParameters, blocks: UInt32, devices: Int) {
    guard let rule = parameters.handOver, parameters.mode == .rfc2090 else { return }
    let (section, window) = ("protocol.hand_over", "protocol.hand_over.window")
    if devices == 1 { warn(origin(of: section), section, "has no effect: there is no other device that could drive") }
    if parameters.activeOrder == .smallestGap {
      warn(
        origin(of: section), section,
        "with active_order: smallest_gap mostly elects the same device again: who has just driven misses least")
    }
    if rule.window < parameters.windowSize {
      warn(
        origin(of: window, section), window,
        "\(rule.window) is less than windowsize, \(parameters.windowSize): it is full with the answer to one ask")
    } else if UInt64(rule.window) > 2 * UInt64(blocks) {
      warn(
        origin(of: window, section), window,
        "\(UInt64(rule.window).grouped) is more than twice the file's \(UInt64(blocks).grouped) blocks: a session"
          + " seldom sends so many")
    }
  }

  /// R22.
  func checkStart(_ parameters: ProtocolParameters, _ network: NetworkConfiguration, _ ways: NetworkWays) {
    guard let start = parameters.start else { return }
    let devices = network.cohorts.reduce(0) { sum, cohort in
      let isHeard = !cohort.upLoss.takesEverything && !ways.loseEverything(of: cohort)
      return isHeard ? sum + cohort.count - cohort.devicesThatLeave(beforeJoiningBy: Nanoseconds(1)) : sum
    }
    // There are none if no cohort could be read, or if the server hears nobody, which is said of the cohorts.
    guard devices > 0 else { return }
    let (needed, within) = ("protocol.start.devices", "protocol.start.within")
    if start.devices > devices {
      let (asked, all) = (UInt64(start.devices).grouped, UInt64(devices).grouped)
      let who = devices < network.deviceCount ? "the devices that the server ever hears" : "all devices"
      if let time = start.within {
        warn(
          origin(of: needed), needed,
          "\(asked) is more than \(who), \(all): the first session always waits for \(format(time))")
      } else {
        error(
          origin(of: needed), needed,
          "\(asked) is more than \(who), \(all), so no session would ever begin; set it to at most \(all), or"
            + " give within")
      }
    }
    // R17: nobody answers an open meanwhile.
    let hope = Int128(parameters.sessionTimeout.count) + parameters.patience
    if parameters.mode == .pxeMTFTP, let time = start.within, Int128(time.count) >= hope {
      warn(
        origin(of: within), within,
        "\(format(time)) is not less than \(format(hope)), after which a device that opens gives up without an answer:"
          + " session_timeout, \(format(parameters.sessionTimeout)), and \(patienceText(parameters))")
    }
  }
}
