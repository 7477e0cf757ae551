/// A device as all ends number it: from 1, in the order in which the network knows them.
public typealias DeviceID = UInt32

/// How a datagram is addressed: to one device, or to the group.
public enum Addressing: Hashable, Sendable, BitwiseCopyable {
  case unicast, multicast
}
