/// The roles that a device entered, one after the other. The first ones are stored here and not in an array; few
/// devices have more.
package struct RoleHistory: Sendable {
  private var first = InlineArray<15, DeviceRole>(repeating: .joining)
  private var count: UInt8 = 0
  private var others: [DeviceRole] = []

  /// No role yet.
  package init() {}

  /// Notes that it entered a role.
  package mutating func append(_ role: DeviceRole) {
    guard count < first.count else { return others.append(role) }
    first[Int(count)] = role
    count += 1
  }

  /// The role at this moment.
  package var last: DeviceRole { others.last ?? (count > 0 ? first[Int(count) - 1] : .joining) }

  /// All of them, the first one first.
  package var all: [DeviceRole] { (0..<Int(count)).map { first[$0] } + others }
}
