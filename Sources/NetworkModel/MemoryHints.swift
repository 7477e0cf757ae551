import CMemoryHints
import Glibc
import PromotionEngine

// Where very many devices stand, a session waits for memory more than for anything else. These are hints: nothing depends on them,
// nor on whether they are taken.
extension ContiguousArray {
  /// Reserves room for so many elements, and asks the system to back it with large pages if it takes megabytes: a fifth of a session
  /// of a million devices would go into page faults and into looking pages up.
  mutating func reserveCapacityInLargePages(_ count: Int) {
    reserveCapacity(count)
    let page = sysconf(Int32(_SC_PAGESIZE))
    let bytes = count * MemoryLayout<Element>.stride - page
    guard bytes >= 4 << 20 else { return }
    withUnsafeMutableBufferPointer { elements in
      guard let first = elements.baseAddress else { return }
      _ = madvise(UnsafeMutableRawPointer(first).alignedUp(toMultipleOf: page), bytes & -page, MADV_HUGEPAGE)
    }
  }

  /// Asks the processor for the first so many bytes of an element that will be needed soon; there need be no such element. Nothing is
  /// asked of an array of less than two megabytes, which the caches hold anyway.
  @inline(__always)
  mutating func prefetch(_ index: Int, bytes: Int) {
    guard index < count, count >= 2 << 20 / MemoryLayout<Element>.stride else { return }
    withUnsafeMutableBufferPointer { elements in
      guard let first = elements.baseAddress else { return }
      let element = UnsafeRawPointer(first + index)
      for offset in stride(from: 0, to: bytes, by: 64) { gapsim_prefetch(element + offset) }
    }
  }
}

extension Simulation {
  /// Asks the processor for what most events need of a device that is likely to be the next, and that need not exist: devices mostly
  /// come in the order of their numbers, whatever happens to them.
  @inline(__always)
  mutating func prefetchStation(of device: DeviceID) {
    stations.prefetch(Int(device) - 1, bytes: Station.bytesMostlyNeeded)
  }
}

extension Station {
  /// From its start to its loss on the way up, which most events touch only the beginning of: a test holds this against the layout.
  static var bytesMostlyNeeded: Int { 832 }
}
