import Glibc

extension ContiguousArray {
  /// Reserves room for this many elements, and asks the system to back it with large pages if it takes megabytes.
  /// Otherwise a fifth of a session of a million devices would go into page faults and into looking up pages. No result
  /// depends on it.
  @inlinable
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
}
