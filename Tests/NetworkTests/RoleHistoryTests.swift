import PromotionEngine
import TestSupport
import Testing

@testable import PromotionRun
@testable import Runs

@Suite struct RoleHistoryTests {
  @Test(arguments: [0, 1, 14, 15, 16, 40])
  func allRolesAreKeptInTheirOrder(count: Int) {
    let roles = (0..<count).map { [.passive, .active, .smart, .complete][$0 % 4] as DeviceRole }
    var history = RoleHistory()
    for role in roles { history.append(role) }
    expect(history.all, equals: roles)
  }
}
