/// The roles of a device by name, as in every output.
public enum RoleName: String, Hashable, Sendable, BitwiseCopyable, CaseIterable {
  case joining, active, passive, smart, complete, failed
}
