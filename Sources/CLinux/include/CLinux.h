#ifndef CLINUX_H
#define CLINUX_H

#include <stdint.h>

/// What Linux has and Swift's Glibc cannot call: functions with variable arguments, and macros.

/// Opens a file below a directory, as `openat2(2)` does with `RESOLVE_BENEATH`: no path, `..` or symbolic link leads out
/// of it. Returns a descriptor, or -1 with `errno`.
int linux_open_beneath(int directory, const char *path, int flags);

#endif
