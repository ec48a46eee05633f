// What the server's processes occupy, as the kernel counts it; the kernel's own socket memory is not in it.
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct memory memory_of(const struct options *o) {
    struct memory sum = {0, 0};
    for (int i = 0; i < o->pid_count; i++) {
        char path[64], line[256];
        snprintf(path, sizeof path, "/proc/%d/smaps_rollup", o->pids[i]);
        FILE *file = fopen(path, "r");
        if (file == NULL) fail(path, strerror(errno));
        while (fgets(line, sizeof line, file) != NULL) {
            long kib;
            if (sscanf(line, "Rss: %ld kB", &kib) == 1) sum.rss_kib += kib;
            if (sscanf(line, "Pss: %ld kB", &kib) == 1) sum.pss_kib += kib;
        }
        fclose(file);
    }
    return sum;
}
