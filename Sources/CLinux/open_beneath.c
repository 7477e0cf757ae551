#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

const int linux_o_path = O_PATH;

int linux_open_beneath(int directory, const char *path, int flags) {
  struct open_how how = {
      .flags = (uint64_t)(unsigned)flags,
      .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
  };
  long result;
  do {
    // EAGAIN: something above the file was renamed meanwhile, so the kernel could not tell whether it stayed below.
    result = syscall(SYS_openat2, directory, path, &how, sizeof how);
  } while (result < 0 && errno == EINTR);
  return (int)result;
}
