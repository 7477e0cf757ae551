import BootService

/// Where datagrams go, what they leave from, and by which socket.
struct Way {
  let endpoint: Endpoint
  let local: LocalEnd
  private let socket: UDPSocket

  init(to endpoint: Endpoint, from local: LocalEnd, by socket: UDPSocket) {
    self.endpoint = endpoint
    self.local = local
    self.socket = socket
  }

  /// Sends bytes as datagrams of `size` bytes each.
  func send(_ bytes: UnsafeRawBufferPointer, size: Int, segments: Bool) -> UDPSocket.Sending {
    socket.send(bytes, size: size, to: endpoint, from: local, segments: segments)
  }
}
