import PromotionEngine
import TFTPTransfer
import TFTPWire
import Timebase

/// What a client's request asks for.
enum Asking: Hashable, Sendable, BitwiseCopyable {
  /// A place in a group.
  case group
  /// The file's size, for a group whose server does not tell it.
  case size
  /// A plain transfer, with all options that it may have.
  case transfer
  /// A plain transfer with the two options that nearly every server knows.
  case fewOptions
  /// A transfer by RFC 1350.
  case noOptions

  /// What to ask for when a server refuses the options of this request (ERROR 8).
  var less: Asking? {
    switch self {
    case .group, .size, .transfer: .fewOptions
    case .fewOptions: .noOptions
    case .noOptions: nil
    }
  }
}

extension BootClient {
  /// Asks for the file, as if nothing had been said before.
  mutating func ask(_ asking: Asking, at now: Nanoseconds, into effects: inout [ClientEffect]) {
    peer = nil
    terms = nil
    let options = options(of: asking)
    let request = Packet.readRequest(ReadRequest(fileName: settings.fileName, options: options))
    do {
      _ = try request.encoded(blockNumbers: .bits16)
    } catch {
      return fail(.badRequest(error), at: now, into: &effects)
    }
    leaveGroup(into: &effects)
    doing = .asking(asking)
    effects.append(.event(.asked(options), at: now))
    switch asking {
    case .group:
      device = Device()
      device.switchOn(at: now, under: deviceSettings, into: &deviceEffects)
      applyDeviceEffects(at: now, ifFailed: .noAnswer, into: &effects)
    case .size, .transfer, .fewOptions, .noOptions:
      device = Device()
      receiver = TransferReceiver()
      receiverSettings = TransferReceiver.Settings(
        asks: TransferOptions(options), patience: TransferPatience(settings.parameters))
      receiver.begin(at: now, under: receiverSettings, into: &receiverEffects)
      applyReceiverEffects(at: now, into: &effects)
    }
  }

  private mutating func options(of asking: Asking) -> Options {
    switch asking {
    case .group:
      deviceSettings.parameters = groupParameters
      return Proposal(groupParameters).list
    case .transfer: return Options(plainOptions)
    case .size, .fewOptions: return [.blockSize(settings.parameters.blockSize), .transferSize(0)]
    case .noOptions: return []
    }
  }

  private var groupParameters: ProtocolParameters {
    var parameters = settings.parameters
    parameters.mode = .rfc2090
    parameters.wideBlockNumbers = asksWide
    switch settings.mode {
    case .promotion: parameters.speaksPromotion = true
    case .rfc2090: parameters.speaksPromotion = false
    case .auto, .tftp, .mtftp: break
    }
    return parameters
  }

  /// What a group's request asks for, without the group.
  private var plainOptions: [TransferOption] {
    Proposal(groupParameters).list.list.filter { option in
      switch option {
      case .multicast, .promotion: false
      case .blockSize, .transferSize, .timeout, .windowSize, .wideBlockNumbers, .unknown: true
      }
    }
  }

  /// Goes on with a plain transfer whose request was that for the group.
  mutating func beginTransferInstead(at now: Nanoseconds) {
    device = Device()
    receiver = TransferReceiver()
    receiverSettings = TransferReceiver.Settings(
      asks: TransferOptions(Options(plainOptions)), patience: TransferPatience(settings.parameters))
    var sent: [TransferReceiver.Effect] = []
    receiver.begin(at: now, under: receiverSettings, into: &sent)
  }

  /// The server refuses the request. If it does not like the options the client asks for less.
  ///
  /// RFC 2347 has code 8 for that. Servers that are older than it answer with code 4.
  mutating func takeRefusal(
    of asking: Asking, _ code: ErrorCode, _ message: String, at now: Nanoseconds, into effects: inout [ClientEffect]
  ) {
    let isAboutOptions = code == .optionNegotiation || code == .illegalOperation
    let mayAskForLess = settings.mode == .tftp || settings.mode == .auto
    guard isAboutOptions, mayAskForLess, let less = asking.less else {
      return fail(.refused(code, message: message), at: now, into: &effects)
    }
    ask(less, at: now, into: &effects)
  }
}
