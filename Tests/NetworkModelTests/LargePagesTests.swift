import Testing

@testable import NetworkModel

@Suite struct LargePagesTests {
  /// Whether the system takes the hint or not, the room is there, and what stood in the array stays.
  @Test(arguments: [0, 1, 1000, 1 << 19, 1 << 20])
  func roomIsThereAndNothingChanges(count: Int) {
    var numbers: ContiguousArray<UInt64> = [1, 2, 3]
    numbers.reserveCapacityInLargePages(count)
    #expect(numbers == [1, 2, 3] && numbers.capacity >= count)
    while numbers.count < count { numbers.append(UInt64(numbers.count + 1)) }
    #expect(numbers.enumerated().allSatisfy { $0.element == UInt64($0.offset + 1) })
  }
}
