import BlockTransfer
import Network
import PromotionEngine
import Quantities
import Runs
import Timebase

/// Checks that need several values: contradictions between keys, and keys without effect.
extension ScenarioReader {
  /// Checks a scenario as a whole, and divides its file into blocks.
  func check(_ draft: inout ScenarioDraft) {
    let parameters = draft.network.forEngine.parameters
    checkName(draft.scenario.name)
    if let size = draft.size {
      draft.network.file = layout(size, of: draft.network.strategy, parameters) ?? draft.network.file
    }
    checkTimeouts(parameters)
    if !draft.network.strategy.numbersAnyFile { checkBlockNumbers(parameters, size: draft.size) }
    checkPromotion(draft.network, size: draft.size)
    checkStart(parameters, devices: draft.network.deviceCount)
    checkHandOver(parameters, blocks: draft.network.file.blocks, devices: draft.network.deviceCount)
    checkPorts(of: draft)
  }

  private func layout(_ size: UInt64, of strategy: StrategyName, _ parameters: ProtocolParameters) -> FileLayout? {
    if let layout = FileLayout(size: size, blockSize: parameters.blockSize), layout.blocks <= strategy.mostBlocks {
      return layout
    }
    error(
      origin(of: "file.size"),
      "file.size",
      "needs more than \(strategy == .nackFEC ? "2 147 483 647" : "4 294 967 294") blocks of \(parameters.blockSize) B;"
        + " give a smaller size or a larger blksize"
    )
    return nil
  }

  func format(_ time: Nanoseconds) -> String { Quantity.time.format(UInt64(clamping: time.count)) }

  func format(_ time: Int128) -> String {
    time <= Int128(ScenarioKeys.longestTime) ? Quantity.time.format(UInt64(time)) : "\(time / 86_400_000_000_000) d"
  }

  func patienceText(_ parameters: ProtocolParameters) -> String {
    let (retries, timeout, sum) = (parameters.retries, format(parameters.timeout), format(parameters.patience))
    guard parameters.backoff > 1 else { return "(retries + 1) × timeout = (\(retries) + 1) × \(timeout) = \(sum)" }
    let most = format(parameters.maxTimeout)
    return "the sum of the \(retries) + 1 timeouts, \(timeout) and each \(parameters.backoff) × the one before up to"
      + " \(most), = \(sum)"
  }

  private func checkTimeouts(_ parameters: ProtocolParameters) {
    checkBackoff(parameters)
    let least = parameters.patience
    if Int128(parameters.sessionTimeout.count) < least {
      let isReachable = least <= Int128(ScenarioKeys.longestTime)
      error(
        origin(of: "protocol.session_timeout", "protocol.timeout", "protocol.backoff", "protocol.retries"),
        "protocol.session_timeout",
        "\(format(parameters.sessionTimeout)) is less than \(patienceText(parameters)); "
          + (isReachable
            ? "set it to at least \(format(least))"
            : "lower timeout\(parameters.backoff > 1 ? ", backoff" : "") or retries")
      )
    }
    if parameters.groupTimeout <= parameters.sessionTimeout {
      error(
        origin(of: "protocol.group_timeout", "protocol.session_timeout"),
        "protocol.group_timeout",
        "\(format(parameters.groupTimeout)) is not more than session_timeout, \(format(parameters.sessionTimeout));"
          + " set it to more"
      )
    }
    let notices = Int128(parameters.noticeCopies - 1) * Int128(parameters.noticeInterval.count)
    if notices > Int128(ScenarioKeys.longestTime) {
      error(
        origin(of: "protocol.notice_interval", "protocol.notice_copies"),
        "protocol.notice_interval",
        "\(parameters.noticeCopies) copies of a notice, \(format(parameters.noticeInterval)) apart, take longer than"
          + " \(Quantity.time.format(ScenarioKeys.longestTime)); set it to less"
      )
    }
  }

  /// If an answer is always later than the last repeat, elections and re-admissions never end.
  func checkAnswers(
    of cohorts: [Cohort], at places: [Place], _ parameters: ProtocolParameters, _ ways: NetworkWays
  ) {
    let patience = parameters.patience
    for (cohort, place) in zip(cohorts, places) {
      // A drawn latency may be short.
      let latency: Nanoseconds? = if case .constant(let time) = cohort.latency { time } else { nil }
      let ports = ways.latency(to: cohort)
      let answer = 2 * (Int128(latency?.count ?? 0) + ports) + Int128(cohort.turnaround.count)
      guard answer >= patience else { continue }
      let (latencyKey, turnaroundKey) = (place.key("latency").path, place.key("turnaround").path)
      let isSlow = Int128(cohort.turnaround.count) >= patience
      var keys = isSlow ? [turnaroundKey, latencyKey] : [latencyKey, turnaroundKey]
      if !isSlow, ports > Int128(latency?.count ?? 0), let laggard = ways.laggard(to: cohort) {
        keys.insert("segments.\(laggard.excerpt).latency", at: 0)
      }
      let key = (keys + ["protocol.timeout", "protocol.retries"]).first(where: isGiven) ?? keys[0]
      let latencies = [latency.map(format), ports > 0 ? format(ports) : nil].compactMap(\.self)
      let names = [latency == nil ? nil : "latency", ports > 0 ? "latencies of segments" : nil].compactMap(\.self)
      func twice(_ terms: [String]) -> String {
        terms.isEmpty
          ? "" : "2 × " + (terms.count == 1 ? terms[0] : "(\(terms.joined(separator: " + ")))") + " + "
      }
      let sum = twice(names) + "turnaround = " + twice(latencies)
      error(
        origin(of: key),
        key,
        "no answer of cohort '\(cohort.name.excerpt)' would come before the last repeat is given up: \(sum)"
          + "\(format(cohort.turnaround)) is not less than \(patienceText(parameters));"
          + " raise timeout or retries, or lower \(names.isEmpty ? "" : "latency or ")turnaround"
      )
      if key.hasPrefix("protocol.") { return }
    }
  }

  private func checkBlockNumbers(_ parameters: ProtocolParameters, size: UInt64?) {
    if parameters.wideBlockNumbers, parameters.mode == .pxeMTFTP {
      error(
        origin(of: "protocol.block_numbers"),
        "protocol.block_numbers",
        "32 is an option, and mode pxe-mtftp negotiates none; allowed there: 16"
      )
    }
    guard let size, !parameters.wideBlockNumbers else { return }
    let (quotient, blockSize) = (size / UInt64(parameters.blockSize), UInt64(parameters.blockSize))
    guard quotient >= 65_535 else { return }
    let enough = size / 65_535 + 1
    let blocks =
      "\(size.grouped) B make \((quotient + 1).grouped) blocks of \(blockSize) B, and 16-bit block numbers end at 65_535"
    let wide = parameters.mode == .rfc2090 ? "block_numbers: 32" : nil
    let remedies = [enough <= 65_464 ? "blksize: \(enough) B (or more)" : nil, wide].compactMap(\.self)
    let advice = remedies.isEmpty ? "mode pxe-mtftp cannot send this file" : "set " + remedies.joined(separator: " or ")
    error(
      origin(of: "protocol.block_numbers", "protocol.blksize", "file.size"),
      "protocol.block_numbers",
      "\(blocks); \(advice)"
    )
  }
}
