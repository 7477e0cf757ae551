import NetworkModel
import PromotionEngine
import Timebase
import Quantities

/// The scenario as a whole, and its protocol.
extension ScenarioReader {
  /// Reads a scenario; nil if anything is wrong, which ``diagnostics`` then say.
  func scenario(_ node: SourceNode, defaultName: String) -> Scenario? {
    guard node.entries != nil else {
      mismatch(node, "", expected: "the keys of a scenario, like 'file: {size: 48 MiB}'")
      return nil
    }
    let root = section(node, pattern: "", path: "")
    checkVersion(root)
    let name = name(root, default: defaultName)
    let description = text(root, "description", longest: 10_000, lines: true) ?? ""
    let seed = integer(root, "seed")
    let replications = integer(root, "replications")
    let parameters = protocolParameters(subsection(root, "protocol"))
    let size = quantity(subsection(root, "file"), "size")
    let server = subsection(root, "server")
    let timeline = quantity(root, "timeline")
    let layout = size.flatMap { self.layout($0, parameters) }
    var network = layout.map { NetworkConfiguration(parameters: parameters, file: $0, cohorts: []) }
    let cohorts = self.cohorts(root)
    let expectations = self.expectations(root, cohorts: cohorts.map(\.name))
    let limitsSection = subsection(root, "limits")
    let limits = self.limits(limitsSection)
    let memoryLimit = quantity(limitsSection, "memory")
    var sweep = self.sweep(root)
    read(server, into: &network)
    network?.cohorts = cohorts
    network?.limits = limits
    network?.timelineStep = timeline.map(Nanoseconds.init(units:))
    check(parameters, size: size)
    if cohorts.count == root["cohorts"]?.elements?.count { checkAnswers(of: cohorts, parameters) }
    if !failed, let settings = sweep {
      sweep = selectingPoints(settings, root: node)
      if let sweep { checkPoints(of: sweep, root: node, root) }
    }
    guard !failed, let network, let seed, let replications else { return nil }
    var scenario = Scenario(
      name: name,
      description: description,
      seed: seed,
      replications: Int(replications),
      network: network,
      expectations: expectations
    )
    scenario.memoryLimit = memoryLimit
    scenario.sweep = sweep
    return scenario
  }

  private func checkVersion(_ root: Section) {
    guard let node = root["gapsim"] else { return }
    let newest = ScenarioKeys.formatVersion
    if let text = node.scalar, case .success(let version) = PlainNumber.integer(text), version > newest {
      error(
        node.origin,
        "gapsim",
        "format version \(version) is newer than this program, which reads version \(newest)"
      )
    } else {
      _ = integer(root, "gapsim")
    }
  }

  private func layout(_ size: UInt64, _ parameters: ProtocolParameters) -> FileLayout? {
    if let layout = FileLayout(size: size, blockSize: parameters.blockSize) { return layout }
    error(
      origin(of: "file.size"),
      "file.size",
      "needs more than 4 294 967 294 blocks of \(parameters.blockSize) B; give a smaller size or a larger blksize"
    )
    return nil
  }

  private func read(_ server: Section, into network: inout NetworkConfiguration?) {
    let rate = quantity(server, "rate")
    let queue = integer(server, "queue")
    let service = quantity(server, "service")
    let sharedLoss = loss(server, "shared_loss", devices: 1)
    network?.uplinkBitsPerSecond = rate ?? 0
    network?.uplinkQueue = queue.map { Int($0) }
    network?.service = Nanoseconds(units: service ?? 0)
    network?.sharedLoss = sharedLoss
  }

  private func limits(_ section: Section) -> Limits {
    var limits = Limits()
    limits.time = quantity(section, "time").map(Nanoseconds.init(units:)) ?? limits.time
    limits.events = integer(section, "events") ?? limits.events
    return limits
  }

  private func protocolParameters(_ section: Section) -> ProtocolParameters {
    var parameters = ProtocolParameters()
    let time = { (name: String) in Nanoseconds(units: self.quantity(section, name) ?? 0) }
    parameters.mode = choice(section, "mode").flatMap(MulticastMode.init) ?? parameters.mode
    parameters.blockSize = UInt32(clamping: quantity(section, "blksize") ?? 0)
    parameters.windowSize = UInt32(clamping: integer(section, "windowsize") ?? 0)
    parameters.wideBlockNumbers = choice(section, "block_numbers") == "32"
    parameters.timeout = time("timeout")
    parameters.retries = Int(clamping: integer(section, "retries") ?? 0)
    parameters.sessionTimeout = time("session_timeout")
    parameters.groupTimeout = time("group_timeout")
    parameters.noticeCopies = Int(clamping: integer(section, "notice_copies") ?? 0)
    parameters.noticeInterval = time("notice_interval")
    parameters.activeOrder = choice(section, "active_order").flatMap(ActiveOrder.init) ?? parameters.activeOrder
    parameters.listenDelay = time("listen_delay")
    parameters.reopenDelay = time("reopen_delay")
    parameters.promotion = promotion(subsection(section, "promotion"))
    return parameters
  }

  private func promotion(_ section: Section) -> PromotionParameters {
    var promotion = PromotionParameters()
    promotion.threshold = quantity(section, "threshold") ?? 0
    promotion.continuity = UInt32(clamping: integer(section, "continuity") ?? 0)
    promotion.maxGaps = integer(section, "max_gaps").map { UInt32(clamping: $0) }
    promotion.maxLargestGap = integer(section, "max_largest_gap").map { UInt32(clamping: $0) }
    promotion.maxChain = integer(section, "max_chain").map { UInt32(clamping: $0) }
    promotion.maxSmart = integer(section, "max_smart").map { Int(clamping: $0) }
    promotion.smartOrder = choice(section, "smart_order").flatMap(SmartOrder.init) ?? promotion.smartOrder
    promotion.smartWindow = Int(clamping: integer(section, "smart_window") ?? 0)
    promotion.smartListens = flag(section, "smart_listens") ?? promotion.smartListens
    promotion.reportWindow = Nanoseconds(units: quantity(section, "report_window") ?? 0)
    return promotion
  }
}
