import Testing

@testable import NetworkModel

@Suite struct MemoryHintsTests {
  /// Whether the system takes the hint or not, the room is there, and what stood in the array stays.
  @Test(arguments: [0, 1, 1000, 1 << 19, 1 << 20])
  func roomIsThereAndNothingChanges(count: Int) {
    var numbers: ContiguousArray<UInt64> = [1, 2, 3]
    numbers.reserveCapacityInLargePages(count)
    #expect(numbers == [1, 2, 3] && numbers.capacity >= count)
    while numbers.count < count { numbers.append(UInt64(numbers.count + 1)) }
    #expect(numbers.enumerated().allSatisfy { $0.element == UInt64($0.offset + 1) })
  }

  /// Whoever asks for the element after the last one asks for nothing.
  @Test(arguments: [3, 1 << 18], [0, 2, 3, (1 << 18) - 1, 1 << 18, 1 << 40])
  func prefetchingChangesNothing(count: Int, index: Int) {
    var numbers = ContiguousArray(0..<UInt64(count))
    numbers.prefetch(index, bytes: 200)
    #expect(numbers == ContiguousArray(0..<UInt64(count)))
  }

  /// All that comes before the loss on the way up, and its first word: how many packets pass.
  @Test func whatMostEventsNeedOfAStationIsPrefetched() throws {
    let upLoss = try #require(MemoryLayout<Station>.offset(of: \.upLoss))
    let prefetched = Station.bytesMostlyNeeded
    #expect(upLoss + MemoryLayout<UInt64>.size <= prefetched && prefetched <= upLoss + 64)
    for offset in [MemoryLayout<Station>.offset(of: \.tally), MemoryLayout<Station>.offset(of: \.downLoss)] {
      #expect(try #require(offset) < upLoss)
    }
  }
}
