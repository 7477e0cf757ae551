import Foundation
import TestSupport
import Testing

@testable import LiveTransport

@Suite("Blocks on their way into the file")
struct WriteBufferTests {
  private let here: Scratch

  init() throws { here = try Scratch() }

  @Test("In any order, with gaps and larger than the buffer, each byte goes where it belongs", arguments: 1...8)
  func places(seed: UInt64) throws {
    let content = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    var random = FixedSequence(state: seed)
    // Blocks of many sizes, in runs that follow each other, the runs in any order.
    var blocks: [Range<Int>] = []
    var begin = 0
    while begin < content.count {
      let size = Int.random(in: 1...200_000, using: &random) >> Int.random(in: 0...16, using: &random) + 1
      blocks.append(begin..<min(content.count, begin + size))
      begin += size
    }
    let cut = Int.random(in: 0...blocks.count, using: &random)
    let order = blocks[cut...] + blocks[..<cut].reversed()
    let file = try DownloadFile(.file(here.path("out")))
    var buffer = WriteBuffer()
    for block in order {
      try content[block].withUnsafeBytes { bytes in
        try buffer.add(bytes, at: UInt64(block.lowerBound), to: file)
      }
    }
    try buffer.flush(to: file)
    try buffer.flush(to: file)
    try file.finish(size: UInt64(content.count), digest: nil)
    #expect(try Array(Data(contentsOf: here.url.appending(path: "out"))) == content)
  }
}
