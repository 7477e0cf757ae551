import Glibc
import TestSupport
import Testing

@testable import LiveTransport

@Suite("Who a server becomes")
struct PrivilegesTests {
  @Test("A user has a name or a number", arguments: ["root", "0", "00"])
  func known(user: String) throws {
    try expect(Privileges.account(of: user), equals: Privileges.Account(user: 0, group: 0))
  }

  @Test("Every user of /etc/passwd is found by either, as by the system's own search")
  func all() throws {
    let file = try #require(fopen("/etc/passwd", "re"))
    defer { fclose(file) }
    var names: [String] = []
    while let entry = fgetpwent(file)?.pointee { names.append(String(cString: entry.pw_name)) }
    #expect(!names.isEmpty)
    for name in names {
      let entry = try #require(getpwnam(name)?.pointee)
      let account = Privileges.Account(user: entry.pw_uid, group: entry.pw_gid)
      try expect(Privileges.account(of: name), equals: account)
      try expect(Privileges.account(of: "\(entry.pw_uid)").user, equals: entry.pw_uid)
    }
  }

  @Test("A number need not be there, and has the group of the same number then")
  func numbers() throws {
    try expect(
      Privileges.account(of: "3999999999"), equals: Privileges.Account(user: 3_999_999_999, group: 3_999_999_999))
  }

  @Test(
    "What is no user is an error and not the end of the program",
    arguments: ["nosuch", "", "-1", "4294967295", "4294967296", "99999999999999999999", "root:", "r\u{301}", "１"])
  func unknown(user: String) {
    let error = SystemError("find the user \(user) in /etc/passwd", code: ENOENT)
    #expect(throws: error) { try Privileges.account(of: user) }
  }
}
