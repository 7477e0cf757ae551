import BlockTransfer
import BootService
import CLinux
import Glibc
import TFTPWire

// DATA: a run's next blocks are read into one buffer, each behind its header, and leave with one call.
extension Transmitter {
  /// Sends the first blocks of a run, as many as are due and go together.
  ///
  /// - Returns: how many blocks are done with; nil if the send buffer is full.
  func sendSome(
    _ run: DataRun, of file: OpenFile, on way: Way
  ) -> BlockNumber? {
    let header = DataHeader.encodedLength(blockNumbers: run.blockNumbers)
    let size = header + Int(run.layout.blockSize)
    let count = blocksAtOnce(of: run, size: size)
    let last = run.first + count - 1
    let payload = Int(count - 1) * Int(run.layout.blockSize) + Int(run.layout.bytes(of: last))
    let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer[0..<Int(count) * header + payload])
    do throws(OpenFile.Fault) {
      try file.read(
        at: Int64(run.first - 1) * Int64(run.layout.blockSize), payload: Int(run.layout.blockSize), total: payload,
        behind: header, into: bytes)
    } catch {
      faults.append((run.file, error))
      return run.last - run.first + 1
    }
    for block in 0..<count {
      write(block: run.first + block, width: run.blockNumbers, at: Int(block) * size, in: bytes)
    }
    return send(UnsafeRawBufferPointer(bytes), size: size, count: count, on: way)
  }

  private func blocksAtOnce(of run: DataRun, size: Int) -> BlockNumber {
    let due = min(Int64(UDPSocket.mostDatagrams), max(1, pacer.credit / Pacer.wireBytes(size)))
    let fitting = Int64(max(1, UDPSocket.mostSegmentBytes / size))
    return min(BlockNumber(min(due, fitting)), run.last - run.first + 1)
  }

  private func write(
    block: BlockNumber, width: BlockNumberWidth, at offset: Int, in bytes: UnsafeMutableRawBufferPointer
  ) {
    bytes.storeBytes(of: UInt16(3).bigEndian, toByteOffset: offset, as: UInt16.self)
    switch width {
    case .bits16:
      let number = UInt16(truncatingIfNeeded: block)
      bytes.storeBytes(of: number.bigEndian, toByteOffset: offset + 2, as: UInt16.self)
    case .bits32: bytes.storeBytes(of: block.bigEndian, toByteOffset: offset + 2, as: UInt32.self)
    }
  }

  private func send(
    _ bytes: UnsafeRawBufferPointer, size: Int, count: BlockNumber, on way: Way
  ) -> BlockNumber? {
    let segments = count > 1 && size <= largestSegment
    switch way.send(bytes, size: size, segments: segments) {
    case .full: return nil
    case .sent(let datagrams):
      self.count(datagrams: datagrams, bytes: min(bytes.count, datagrams * size))
      return BlockNumber(datagrams)
    case .failed(let code) where segments && Self.meansNoSegments(code):
      largestSegment = code == EIO || code == EOPNOTSUPP ? 0 : size - 1
      return 0
    case .failed(let code):
      fail(1, way.endpoint, code)
      return 1
    }
  }

  /// EIO: the interface has no checksum offload; EINVAL, EMSGSIZE: a segment exceeds its MTU (udp(7)).
  private static func meansNoSegments(_ code: CInt) -> Bool {
    switch code {
    case EIO, EINVAL, EMSGSIZE, EOPNOTSUPP: true
    default: false
    }
  }
}
