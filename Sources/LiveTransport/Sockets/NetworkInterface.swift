import BootService
import CLinux
import Glibc

/// A network interface of this machine.
package struct NetworkInterface: Hashable, Sendable {
  /// Its name: `eth0`.
  package let name: String
  /// The kernel's number of it.
  package let index: UInt32

  /// The interface of a name.
  ///
  /// - Throws: ``UnknownInterface``, which names those that there are.
  package init(named name: String) throws(UnknownInterface) {
    let index = if_nametoindex(name)
    guard index > 0 else { throw UnknownInterface(name: name, known: Self.names) }
    self.name = name
    self.index = index
  }

  /// The names of all interfaces.
  package static var names: [String] {
    guard let list = if_nameindex() else { return [] }
    defer { if_freenameindex(list) }
    var names: [String] = []
    var position = 0
    while list[position].if_index != 0, let name = list[position].if_name {
      names.append(String(cString: name))
      position += 1
    }
    return names
  }
}

/// There is no interface of this name.
package struct UnknownInterface: Error, Hashable, Sendable {
  /// What was asked for.
  package let name: String
  /// The names that there are.
  package let known: [String]
}
