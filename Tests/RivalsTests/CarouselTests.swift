import BlockTransfer
import Network
import Testing
import Timebase

@testable import Rivals
@testable import Runs

@Suite struct CarouselTests {
  @Test func placeholder() {}
}
