import Glibc

/// What a process may do.
package enum Privileges {
  /// Whether the process is root.
  package static var isRoot: Bool { geteuid() == 0 }

  /// Gives an empty directory to a user, who is to write into it. One that holds something stays whose it is.
  package static func give(_ directory: String, to user: String) throws(SystemError) {
    guard isRoot, rmdir(directory) == 0 else { return }
    _ = try check(mkdir(directory, 0o755), "create \(directory)")
    errno = 0
    guard let entry = getpwnam(user) else {
      throw SystemError("find the user \(user)", code: errno == 0 ? ENOENT : errno)
    }
    _ = try check(chown(directory, entry.pointee.pw_uid, entry.pointee.pw_gid), "give \(directory) to \(user)")
  }

  /// Makes the process another user, for good: what it was allowed to do as root it cannot get back.
  package static func drop(to user: String) throws(SystemError) {
    errno = 0
    guard let entry = getpwnam(user) else {
      throw SystemError("become the user \(user)", code: errno == 0 ? ENOENT : errno)
    }
    let (owner, group) = (entry.pointee.pw_uid, entry.pointee.pw_gid)
    _ = try check(setgroups(0, nil), "leave root's groups")
    _ = try check(setgid(group), "become the group of \(user)")
    _ = try check(setuid(owner), "become the user \(user)")
    guard owner == 0 || setuid(0) != 0 else { throw SystemError("give root's rights up", code: EPERM) }
  }
}
