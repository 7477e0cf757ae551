import BitCollections
import BlockTransfer
import Network

/// What the two ends say to each other.
enum SlicesMessage: NetworkMessage {
  /// A block of the file.
  case data(BlockNumber)
  /// A device wants to take part.
  case connect
  /// It does.
  case welcome(SlicesMembership)
  /// A run is under way: it may ask again.
  case wait
  /// It was dropped.
  case dropped
  /// Who is not ready yet is to say what it misses of the slice.
  case ask(SlicesAsk)
  /// What a device misses of the slice that it was asked for.
  case answer(SlicesAnswer)

  var block: BlockNumber? {
    @inline(__always) get { if case .data(let block) = self { block } else { nil } }
  }
}

/// As what a device takes part.
struct SlicesMembership: Hashable, Sendable, BitwiseCopyable {
  /// The run, counted from 1: each is another process of udpcast's sender, with other ports.
  var run: UInt32
  /// The number by which the sender knows it.
  var number: DeviceID
}

/// The sender's question.
struct SlicesAsk: Hashable, Sendable {
  var run: UInt32
  /// The slice, counted from 0.
  var slice: UInt32
  /// How many times blocks of the slice were sent before, so that an answer to an earlier question can be told.
  var round: UInt32
  /// How often the question was asked before in this round.
  var repeats: UInt32
  /// The numbers of the devices that need not answer: they have all of the slice.
  var ready: BitSet
}

/// A device's answer.
struct SlicesAnswer: Hashable, Sendable {
  var slice: UInt32
  var round: UInt32
  var repeats: UInt32
  /// The missing blocks, counted from 0 within the slice.
  var missing: BitSet
}
