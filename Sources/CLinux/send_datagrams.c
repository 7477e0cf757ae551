#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/uio.h>

enum { most_datagrams = 64 };

static int send_segments(int socket, const void *bytes, size_t count, uint16_t size, const struct sockaddr *to,
                         socklen_t to_length) {
  struct iovec vector = {.iov_base = (void *)bytes, .iov_len = count};
  union {
    char bytes[CMSG_SPACE(sizeof(uint16_t))];
    struct cmsghdr header;
  } control = {0};
  struct msghdr message = {
      .msg_name = (void *)to,
      .msg_namelen = to_length,
      .msg_iov = &vector,
      .msg_iovlen = 1,
      .msg_control = control.bytes,
      .msg_controllen = sizeof control.bytes,
  };
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_UDP;
  header->cmsg_type = UDP_SEGMENT;
  header->cmsg_len = CMSG_LEN(sizeof size);
  memcpy(CMSG_DATA(header), &size, sizeof size);
  ssize_t sent;
  do sent = sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent < 0 ? -1 : (int)((count + size - 1) / size);
}

int linux_send_datagrams(int socket, const void *bytes, size_t count, size_t size, const struct sockaddr *to,
                         socklen_t to_length, int segments) {
  if (segments && size < count) return send_segments(socket, bytes, count, (uint16_t)size, to, to_length);
  struct iovec vectors[most_datagrams];
  struct mmsghdr messages[most_datagrams];
  memset(messages, 0, sizeof messages);
  unsigned datagrams = 0;
  for (size_t offset = 0; offset < count && datagrams < most_datagrams; offset += size, datagrams++) {
    vectors[datagrams].iov_base = (char *)bytes + offset;
    vectors[datagrams].iov_len = count - offset < size ? count - offset : size;
    messages[datagrams].msg_hdr.msg_name = (void *)to;
    messages[datagrams].msg_hdr.msg_namelen = to_length;
    messages[datagrams].msg_hdr.msg_iov = &vectors[datagrams];
    messages[datagrams].msg_hdr.msg_iovlen = 1;
  }
  int sent;
  do sent = sendmmsg(socket, messages, datagrams, MSG_DONTWAIT | MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent;
}
