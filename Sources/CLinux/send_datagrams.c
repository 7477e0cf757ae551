#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/uio.h>

enum { most_datagrams = 64 };

// Room for the address that datagrams leave from, and for the size of their segments.
union control {
  char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(uint16_t))];
  struct cmsghdr header;
};

static void add(struct msghdr *message, union control *control, int level, int type, const void *value, size_t size) {
  struct cmsghdr *header = (struct cmsghdr *)(control->bytes + message->msg_controllen);
  header->cmsg_level = level;
  header->cmsg_type = type;
  header->cmsg_len = CMSG_LEN(size);
  memcpy(CMSG_DATA(header), value, size);
  message->msg_control = control->bytes;
  message->msg_controllen += CMSG_SPACE(size);
}

static void add_source(struct msghdr *message, union control *control, const struct linux_source *source) {
  if (((const struct sockaddr *)message->msg_name)->sa_family == AF_INET) {
    struct in_pktinfo info = {.ipi_ifindex = (int)source->interface};
    memcpy(&info.ipi_spec_dst, source->address.s6_addr + 12, sizeof info.ipi_spec_dst);
    add(message, control, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
  } else {
    struct in6_pktinfo info = {.ipi6_addr = source->address, .ipi6_ifindex = source->interface};
    add(message, control, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
  }
}

static int send_segments(int socket, struct msghdr message, union control *control, const void *bytes, size_t count,
                         uint16_t size) {
  struct iovec vector = {.iov_base = (void *)bytes, .iov_len = count};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  add(&message, control, SOL_UDP, UDP_SEGMENT, &size, sizeof size);
  ssize_t sent;
  do sent = sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent < 0 ? -1 : (int)((count + size - 1) / size);
}

int linux_send_datagrams(int socket, const void *bytes, size_t count, size_t size, const struct sockaddr *to,
                         socklen_t to_length, const struct linux_source *source, int segments) {
  union control control = {0};
  struct msghdr each = {.msg_name = (void *)to, .msg_namelen = to_length};
  if (source) add_source(&each, &control, source);
  if (segments && size < count) return send_segments(socket, each, &control, bytes, count, (uint16_t)size);
  struct iovec vectors[most_datagrams];
  struct mmsghdr messages[most_datagrams];
  unsigned datagrams = 0;
  for (size_t offset = 0; offset < count && datagrams < most_datagrams; offset += size, datagrams++) {
    vectors[datagrams].iov_base = (char *)bytes + offset;
    vectors[datagrams].iov_len = count - offset < size ? count - offset : size;
    messages[datagrams] = (struct mmsghdr){.msg_hdr = each};
    messages[datagrams].msg_hdr.msg_iov = &vectors[datagrams];
    messages[datagrams].msg_hdr.msg_iovlen = 1;
  }
  int sent;
  do sent = sendmmsg(socket, messages, datagrams, MSG_DONTWAIT | MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent;
}
