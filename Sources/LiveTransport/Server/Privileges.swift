import Glibc

/// What a process may do.
package enum Privileges {
  /// Whether the process is root.
  package static var isRoot: Bool { geteuid() == 0 }

  /// Who a user is to the system.
  package struct Account: Hashable, Sendable {
    /// Its number.
    package let user: uid_t
    /// Its group's number.
    package let group: gid_t
  }

  private static let register = "/etc/passwd"

  /// Looks a user up in /etc/passwd, by its name, or by its number if it has only digits. A number need not be there; its
  /// group has the same number then.
  ///
  /// The system's own search (`getpwnam`) loads libraries by /etc/nsswitch.conf, which ends a program that is linked
  /// statically. It must not be called while another thread does it.
  package static func account(of name: String) throws(SystemError) -> Account {
    let isNumber = !name.isEmpty && name.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    // The largest one stands for "no change".
    let number = isNumber ? uid_t(name).flatMap { $0 < .max ? $0 : nil } : nil
    let file = fopen(register, "re")
    defer { if let file { fclose(file) } }
    while let file, let entry = fgetpwent(file)?.pointee {
      let isSought = isNumber ? entry.pw_uid == number : String(cString: entry.pw_name) == name
      if isSought { return Account(user: entry.pw_uid, group: entry.pw_gid) }
    }
    guard let number else { throw SystemError("find the user \(name) in \(register)", code: ENOENT) }
    return Account(user: number, group: number)
  }

  /// Gives an empty directory to a user, who is to write into it. One that holds something stays whose it is.
  package static func give(_ directory: String, to user: String) throws(SystemError) {
    guard isRoot else { return }
    let account = try account(of: user)
    guard rmdir(directory) == 0 else { return }
    _ = try check(mkdir(directory, 0o755), "create \(directory)")
    _ = try check(chown(directory, account.user, account.group), "give \(directory) to \(user)")
  }

  /// Makes the process another user, for good: what it was allowed to do as root it cannot get back.
  package static func drop(to user: String) throws(SystemError) {
    let account = try account(of: user)
    _ = try check(setgroups(0, nil), "leave root's groups")
    _ = try check(setgid(account.group), "become the group of \(user)")
    _ = try check(setuid(account.user), "become the user \(user)")
    guard account.user == 0 || setuid(0) != 0 else { throw SystemError("give root's rights up", code: EPERM) }
  }
}
