// load instances: connects, and polls until its standard input ends. Each line of it is a command, answered by a line of JSON:
//   settle SECONDS                    until every instance has a version and waits, or the seconds are over
//   fire FILE TARGET PATIENCE LINGER  sends the request and times who sees what it changed; TARGET -1: all must
//   herd PORT FILE PATIENCE           all connect at once, and ask FILE until they have an answer that they may trust
#define _GNU_SOURCE
#include "instances.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

static void settle(struct fleet *fleet, double seconds) {
    int64_t start = now_ns(), until = start + (int64_t)(seconds * 1e9);
    bool waits = false;
    while (!(waits = fleet_waits(fleet)) && now_ns() < until && !fleet->ended) fleet_turn(fleet, true);
    printf("{\"settled\":%s,\"seconds\":%.6f,", waits ? "true" : "false", (double)(now_ns() - start) / 1e9);
    tally_print(&fleet->tally);
    printf(",");
    arrivals_print(&fleet->arrivals);
    printf("}\n");
    fflush(stdout);
}

static void obey(struct fleet *fleet, const char *line) {
    char path[400];
    double patience, linger;
    int number;
    if (sscanf(line, "settle %lf", &patience) == 1) settle(fleet, patience);
    else if (sscanf(line, "herd %d %399s %lf", &number, path, &patience) == 3) herd(fleet, number, path, patience);
    else if (sscanf(line, "fire %399s %d %lf %lf", path, &number, &patience, &linger) == 4) {
        fire(fleet, path, number, patience, linger);
    } else fail("no command", line);
}

/// The next whole line; false once there will be none.
static bool next_line(struct fleet *fleet, char *line, size_t size) {
    for (char *end; !fleet->ended || fleet->line_size > 0; fleet_turn(fleet, true)) {
        if ((end = memchr(fleet->line, '\n', fleet->line_size)) == NULL) {
            if (fleet->ended) return false;
            continue;
        }
        size_t width = (size_t)(end - fleet->line);
        if (width >= size) fail("a command", "is too long");
        memcpy(line, fleet->line, width);
        line[width] = 0;
        fleet->line_size -= width + 1;
        memmove(fleet->line, end + 1, fleet->line_size);
        return true;
    }
    return false;
}

int run_instances(const struct options *o) {
    struct fleet fleet = {.options = o, .host = o->host, .port = o->port, .epoll = epoll_create1(EPOLL_CLOEXEC)};
    fleet.all = calloc((size_t)o->connections, sizeof *fleet.all);
    watch(fleet.epoll, STDIN_FILENO, NULL);
    for (int i = 0; i < o->connections; i++) fleet.all[i].target = o->targets > 0 ? i % o->targets : 0;
    fleet_connect(&fleet);
    for (char line[512]; next_line(&fleet, line, sizeof line);) obey(&fleet, line);
    for (int i = 0; i < o->connections; i++) link_close(&fleet.all[i].link, true);
    return 0;
}
