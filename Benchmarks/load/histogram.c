// Latencies in log-linear buckets: constant cost per sample, any number of samples.
#include "load.h"

#include <stdio.h>

static uint32_t bucket_of(uint64_t v) {
    if (v < (1u << SUB_BITS)) return (uint32_t)v;
    int shift = 63 - __builtin_clzll(v) - SUB_BITS + 1;
    return ((uint32_t)shift << SUB_BITS) + (uint32_t)(v >> shift);
}

static double middle_of(uint32_t bucket) {
    uint32_t shift = bucket >> SUB_BITS, low = bucket & ((1u << SUB_BITS) - 1);
    if (shift == 0) return low;
    return ((double)low + 0.5) * (double)(1ull << shift);
}

void histogram_add(struct histogram *h, int64_t ns) {
    if (ns < 0) ns = 0;
    if (h->count == 0 || ns < h->min) h->min = ns;
    if (ns > h->max) h->max = ns;
    h->count++;
    h->buckets[bucket_of((uint64_t)ns)]++;
}

double histogram_us(const struct histogram *h, double share) {
    if (h->count == 0) return 0;
    uint64_t rank = (uint64_t)((double)h->count * share), seen = 0;
    if (rank >= h->count) return (double)h->max / 1000;
    for (uint32_t i = 0; i < BUCKETS; i++) {
        seen += h->buckets[i];
        if (seen > rank) {
            double ns = middle_of(i);
            if (ns > (double)h->max) ns = (double)h->max;
            if (ns < (double)h->min) ns = (double)h->min;
            return ns / 1000;
        }
    }
    return (double)h->max / 1000;
}

void histogram_print(const char *name, const struct histogram *h) {
    printf("\"%s\":{\"count\":%lu,\"min\":%.1f,\"p50\":%.1f,\"p90\":%.1f,\"p99\":%.1f,\"p99.9\":%.1f,\"max\":%.1f}",
           name, (unsigned long)h->count, (double)h->min / 1000, histogram_us(h, 0.5), histogram_us(h, 0.9),
           histogram_us(h, 0.99), histogram_us(h, 0.999), (double)h->max / 1000);
}
