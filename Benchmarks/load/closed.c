// Closed loop: every connection keeps `depth` requests in flight, as fast as the server answers.
#define _GNU_SOURCE
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>

enum { EVENTS = 256 };
static const int64_t drain_ns = 2000000000;

struct closed {
    const struct options *options;
    struct histogram *latency;
    long to_send;     // what is left of --requests
    int answered;     // in the read being handled
    long in_flight;
};

static void on_answer(void *context, struct link *link, const struct answer *answer, int64_t sent_at, int64_t now) {
    (void)answer, (void)link;
    struct closed *c = context;
    histogram_add(c->latency, now - sent_at);
    c->answered++;
    c->in_flight--;
}

static bool send_some(struct closed *c, struct link *link, int count, int64_t at) {
    if (c->options->requests > 0 && count > c->to_send) count = (int)c->to_send;
    if (count == 0) return true;
    c->to_send -= count;
    c->in_flight += count;
    return link_send(link, c->options, count, at);
}

/// Forgets a dead link's requests; one that dies with requests in flight has already been counted as an error.
static void drop(struct closed *c, struct link *link) {
    c->in_flight -= link->sent - link->received;
    link_close(link, false);
}

int run_closed(const struct options *o) {
    struct expectation expected = expectation_of(o);
    struct tally tally = {0};
    struct closed c = {.options = o, .latency = calloc(1, sizeof(struct histogram)), .to_send = o->requests};
    struct link *links = calloc((size_t)o->connections, sizeof *links);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < o->connections; i++) {
        links[i].fd = link_connect(o->host, o->port, i);
        watch(epoll, links[i].fd, &links[i]);
    }

    int64_t start = now_ns(), last = start;
    int64_t until = o->requests > 0 ? INT64_MAX / 2 : start + (int64_t)(o->seconds * 1e9);
    int64_t give_up = o->requests > 0 ? start + (int64_t)(o->seconds * 1e9) : until + drain_ns;
    for (int i = 0; i < o->connections; i++) {
        if (!send_some(&c, &links[i], o->depth, now_ns())) tally.closed++, drop(&c, &links[i]);
    }
    while (c.in_flight > 0 && last < give_up) {
        struct epoll_event events[EVENTS];
        int n = epoll_wait(epoll, events, EVENTS, 50);
        last = now_ns();
        for (int i = 0; i < n; i++) {
            struct link *link = events[i].data.ptr;
            c.answered = 0;
            if (!link_receive(link, &expected, &tally, on_answer, &c)) {
                drop(&c, link);
                continue;
            }
            int64_t at = now_ns();
            if (at < until && !send_some(&c, link, c.answered, at)) tally.closed++, drop(&c, link);
        }
    }
    double seconds = (double)(now_ns() - start) / 1e9;
    tally.lost += c.in_flight;

    printf("{\"mode\":\"closed\",");
    tally_print(&tally);
    printf(",\"seconds\":%.6f,\"per_second\":%.1f,", seconds, (double)tally.answers / seconds);
    histogram_print("latency_us", c.latency);
    printf("}\n");
    for (int i = 0; i < o->connections; i++) link_close(&links[i], false);
    return tally_errors(&tally) > 0;
}
