/// Numbers that are the same in each run of a test, by a linear congruential generator.
package struct FixedSequence: RandomNumberGenerator {
  private var state: UInt64

  /// The sequence that begins behind `state`.
  package init(state: UInt64) { self.state = state }

  package mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 33)
  }
}
