#ifndef CLINUX_H
#define CLINUX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <netinet/in.h>

// What Linux has and Swift's Glibc cannot call: functions with variable arguments, and macros.

/// `O_PATH`: a descriptor that stands for a place and opens nothing.
extern const int linux_o_path;

/// Opens a file below a directory, as `openat2(2)` does with `RESOLVE_BENEATH`: no path, `..` or symbolic link leads out
/// of it. Returns a descriptor, or -1 with `errno`.
int linux_open_beneath(int directory, const char *path, int flags);

/// What datagrams leave from: an address of this machine, as IPv6 has it (an IPv4 address is mapped, RFC 4291 §2.5.5.2),
/// and the interface, or 0 for that of the routes.
struct linux_source {
  struct in6_addr address;
  unsigned interface;
};

/// Sends `count` bytes to one address as datagrams of `size` bytes each; the last one may be shorter.
///
/// With `segments` the kernel divides them (UDP_SEGMENT, udp(7)), and there may be 64 of them in 65 507 bytes at most;
/// otherwise they go by sendmmsg(2), 64 at most.
///
/// They leave from `source` if it is not NULL.
///
/// Returns how many datagrams were sent, or -1 with `errno` if the first one failed. It never waits.
int linux_send_datagrams(int socket, const void *bytes, size_t count, size_t size, const struct sockaddr *to,
                         socklen_t to_length, const struct linux_source *source, int segments);

#endif
