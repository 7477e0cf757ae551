// What the same work costs in C with nothing around it: the rivals of the benchmarks.
#ifndef GAPSIM_CFLOOR_H
#define GAPSIM_CFLOOR_H

#include <stddef.h>
#include <stdint.h>

// What a session left behind; the digest is of every device's gap statistics, so that none can be left out.
typedef struct {
  uint64_t losses;
  uint64_t digest;
} cfloor_session;

// Devices that lose each block with probability p: one geometric draw and one append to a gap list per loss.
cfloor_session cfloor_session_by_losses(uint32_t devices, uint32_t blocks, double p, uint64_t seed);

// The same with one draw for each block and device, block by block.
cfloor_session cfloor_session_by_packets(uint32_t devices, uint32_t blocks, double p, uint64_t seed);

// A heap of `pending` events of 24 or 72 bytes, the first of which are at increments[0…]. Free with cfloor_heap_free.
typedef struct cfloor_heap cfloor_heap;
cfloor_heap *cfloor_heap_make(size_t pending, size_t event_bytes, const int64_t *increments, size_t mask);
void cfloor_heap_free(cfloor_heap *heap);

// Takes the first event and schedules another an increment later, `holds` times; gives a digest of what it took.
uint64_t cfloor_heap_hold(cfloor_heap *heap, size_t holds, const int64_t *increments, size_t mask);

// How often memory was allocated since the process began, by this thread.
uint64_t cfloor_allocations(void);

#endif
