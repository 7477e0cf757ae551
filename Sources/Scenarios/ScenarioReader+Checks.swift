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
    checkStart(parameters, draft.network.network, NetworkWays(draft.network))
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
