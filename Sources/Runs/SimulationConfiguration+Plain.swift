import Network
import PromotionEngine

// Who speaks of promotion, and networks in which nobody does (R14's last sentence).
extension SimulationConfiguration {
  /// What the engine of the promotion protocol is given for its strategies: `rfc2090` and `pxe-mtftp` are what remains
  /// of it when nobody speaks of promotion. Any other strategy is left as it is.
  package var forEngine: SimulationConfiguration {
    switch strategy {
    case .rfc2090: withoutPromotion(in: .rfc2090)
    case .pxeMTFTP: withoutPromotion(in: .pxeMTFTP)
    case .promotion, .unicast, .slices, .nack, .nackFEC, .carousel, .wds: self
    }
  }

  /// The same network with nobody who speaks of promotion: RFC 2090 alone, or the MTFTP of PXE 2.1 alone.
  ///
  /// MTFTP negotiates no 32-bit block numbers (R21), so it cannot send a file that needs them.
  package func withoutPromotion(in mode: MulticastMode) -> SimulationConfiguration {
    var plain = self
    plain.parameters.mode = mode
    plain.parameters.speaksPromotion = false
    if mode == .pxeMTFTP { plain.parameters.wideBlockNumbers = false }
    for index in plain.cohorts.indices { plain.cohorts[index].isPlain = true }
    return plain
  }

  /// How the devices of a cohort are configured.
  ///
  /// MTFTP negotiates nothing: whoever configures its devices knows what the server can (R17).
  package func parameters(of cohort: Cohort) -> ProtocolParameters {
    var own = parameters
    own.speaksPromotion = !cohort.isPlain && (parameters.speaksPromotion || parameters.mode == .rfc2090)
    return own
  }

  /// Whether devices of a cohort may be promoted: they and the server both speak of promotion.
  package func speaksPromotion(with cohort: Cohort) -> Bool { parameters.speaksPromotion && !cohort.isPlain }

  /// Whether any device may be promoted.
  package var speaksPromotion: Bool { network.cohorts.contains(where: speaksPromotion(with:)) }
}
