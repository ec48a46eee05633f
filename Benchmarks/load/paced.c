// Open loop at a fixed rate: each latency counts from when the request was due, so a stall of the server is not hidden.
// The loop spins instead of sleeping; a sleep's wake-up would be as long as the answers it measures.
#define _GNU_SOURCE
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>

enum { EVENTS = 64 };

struct paced {
    struct link **idle;     // ring of links without a request, used in turn
    int capacity, head, count;
    long in_flight;
    struct histogram *latency;
};

static void put_back(struct paced *p, struct link *link) {
    p->idle[(p->head + p->count) % p->capacity] = link;
    p->count++;
}

/// The next idle link; NULL when every live one is busy.
static struct link *take(struct paced *p) {
    while (p->count > 0) {
        struct link *link = p->idle[p->head];
        p->head = (p->head + 1) % p->capacity;
        p->count--;
        if (link->fd >= 0) return link;
    }
    return NULL;
}

static void on_answer(void *context, struct link *link, const struct answer *answer, int64_t due, int64_t now) {
    (void)answer;
    struct paced *p = context;
    histogram_add(p->latency, now - due);
    p->in_flight--;
    put_back(p, link);
}

static void drop(struct paced *p, struct link *link) {
    p->in_flight -= link->sent - link->received;
    link_close(link, false);
}

int run_paced(const struct options *o) {
    struct expectation expected = expectation_of(o);
    struct tally tally = {0};
    struct paced p = {.capacity = o->connections, .latency = calloc(1, sizeof(struct histogram))};
    struct histogram *lag = calloc(1, sizeof *lag);
    struct link *links = calloc((size_t)o->connections, sizeof *links);
    p.idle = calloc((size_t)o->connections, sizeof *p.idle);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < o->connections; i++) {
        links[i].fd = link_connect(o->host, o->port, i);
        watch(epoll, links[i].fd, &links[i]);
        put_back(&p, &links[i]);
    }

    long total = (long)(o->rate * o->seconds), sent = 0;
    int64_t start = now_ns(), now = start;
    int64_t give_up = start + (int64_t)(o->seconds * 3e9) + 2000000000;
    while ((sent < total || p.in_flight > 0) && (now = now_ns()) < give_up) {
        for (int64_t due; sent < total && (due = start + (int64_t)((double)sent * 1e9 / o->rate)) <= now;) {
            struct link *link = take(&p);
            if (link == NULL) break;
            sent++;
            p.in_flight++;
            histogram_add(lag, now_ns() - due);
            if (!link_send(link, o, 1, due)) tally.closed++, drop(&p, link);
        }
        if (sent < total && p.in_flight == 0 && p.count == 0) break; // every connection is gone
        struct epoll_event events[EVENTS];
        int n = epoll_wait(epoll, events, EVENTS, 0);
        for (int i = 0; i < n; i++) {
            struct link *link = events[i].data.ptr;
            if (!link_receive(link, &expected, &tally, on_answer, &p)) drop(&p, link);
        }
    }
    double seconds = (double)(now - start) / 1e9;
    tally.lost += p.in_flight;

    printf("{\"mode\":\"paced\",");
    tally_print(&tally);
    printf(",\"seconds\":%.6f,\"rate\":%.1f,\"per_second\":%.1f,\"unsent\":%ld,", seconds, o->rate,
           (double)tally.answers / seconds, total - sent);
    histogram_print("latency_us", p.latency);
    printf(",");
    histogram_print("send_lag_us", lag);
    printf("}\n");
    for (int i = 0; i < o->connections; i++) link_close(&links[i], false);
    return tally_errors(&tally) > 0;
}
