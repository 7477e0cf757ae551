#include "CFloor.h"

#include <stdlib.h>
#include <string.h>

// The time, then 40 bits of the order of scheduling, then 24 of the event's slot: one comparison without a branch.
typedef unsigned __int128 key;

enum { slot_bits = 24, children = 4 };

struct cfloor_heap {
  void *memory;
  key *keys;  // four children to a node, which share a cache line; behind the last one stand the largest keys
  unsigned char *events;
  size_t count, event_bytes, drawn;
  uint64_t sequence;
};

static inline key key_of(int64_t time, uint64_t sequence, uint64_t slot) {
  return (key)(uint64_t)time << 64 | sequence << slot_bits | slot;
}

// Fills the hole at the top with `entry`: fused, for the hole of what was taken is the place of what comes.
static inline void replace_first(key *keys, size_t count, key entry) {
  size_t hole = 0;
  for (size_t first = 1; first < count; first = hole * children + 1) {
    const size_t left = first + (keys[first + 1] < keys[first]);
    const size_t right = first + 2 + (keys[first + 3] < keys[first + 2]);
    const size_t smallest = left + ((right - left) & -(size_t)(keys[right] < keys[left]));
    if (entry < keys[smallest]) break;
    keys[hole] = keys[smallest];
    hole = smallest;
  }
  keys[hole] = entry;
}

static int compare(const void *left, const void *right) {
  const key a = *(const key *)left, b = *(const key *)right;
  return (a > b) - (a < b);
}

cfloor_heap *cfloor_heap_make(size_t pending, size_t event_bytes, const int64_t *increments, size_t mask) {
  cfloor_heap *heap = calloc(1, sizeof *heap);
  // The first child of the first node stands at a multiple of 64 bytes.
  const size_t room = pending + 2 * children;
  if (!heap || posix_memalign(&heap->memory, 64, (room + 3) * sizeof(key)) != 0) abort();
  heap->keys = (key *)heap->memory + 3;
  heap->events = calloc(pending, event_bytes);
  if (!heap->events) abort();
  heap->count = pending;
  heap->event_bytes = event_bytes;
  for (size_t i = 0; i < pending; i++) {
    heap->keys[i] = key_of(increments[heap->drawn++ & mask], ++heap->sequence, i);
  }
  qsort(heap->keys, pending, sizeof(key), compare);  // what is sorted is a heap
  for (size_t i = pending; i < room; i++) heap->keys[i] = ~(key)0;
  return heap;
}

void cfloor_heap_free(cfloor_heap *heap) {
  free(heap->memory);
  free(heap->events);
  free(heap);
}

static inline uint64_t hold(
    cfloor_heap *heap, size_t holds, const int64_t *increments, size_t mask, const size_t event_bytes) {
  uint64_t digest = 0;
  for (size_t i = 0; i < holds; i++) {
    const key top = heap->keys[0];
    const uint64_t slot = (uint64_t)top & ((1u << slot_bits) - 1);
    unsigned char event[72];
    memcpy(event, heap->events + slot * event_bytes, event_bytes);
    uint64_t word;
    memcpy(&word, event, sizeof word);
    digest += ++word;
    memcpy(event, &word, sizeof word);
    memcpy(heap->events + slot * event_bytes, event, event_bytes);
    const int64_t time = (int64_t)(top >> 64) + increments[heap->drawn++ & mask];
    replace_first(heap->keys, heap->count, key_of(time, ++heap->sequence, slot));
  }
  return digest;
}

uint64_t cfloor_heap_hold(cfloor_heap *heap, size_t holds, const int64_t *increments, size_t mask) {
  return heap->event_bytes == 24 ? hold(heap, holds, increments, mask, 24) : hold(heap, holds, increments, mask, 72);
}
