// Parks many long polls, wakes them all with one request, and times each answer from the moment the trigger was sent.
// Meanwhile another connection asks at a steady low rate: what it waits is what the broadcast costs everybody else.
#define _GNU_SOURCE
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

enum { EVENTS = 16, MOST_ROUNDS = 64 };
static const int64_t second_ns = 1000000000, quiet_ns = 250000000;

/// The steady requests beside the waiters: one connection, each request timed from when it was due.
struct other {
    struct options options;
    struct expectation expected;
    struct link link;
    struct tally tally;
    int64_t due;
    struct histogram *latency;
};

struct park {
    const struct options *options;
    struct expectation expected;
    struct tally tally;
    struct link *waiters;
    struct link trigger;
    int epoll, control;
    int awake, round;
    long early;
    struct histogram *wake, *wakes[MOST_ROUNDS];
    struct memory empty, parked[MOST_ROUNDS];
    double seconds[MOST_ROUNDS];
    struct histogram *quiet_other, *busy_other;
    struct other other;
};

static void on_other(void *context, struct link *link, const struct answer *answer, int64_t due, int64_t now) {
    (void)link, (void)answer;
    histogram_add(((struct other *)context)->latency, now - due);
}

/// Sends the next steady request if one is due, and was due before `end`; reads what has come.
static void other_step(struct other *other, int64_t end) {
    if (other->options.request.size == 0 || other->link.fd < 0) return;
    bool idle = other->link.sent == other->link.received;
    if (idle && other->due < end && other->due <= now_ns()) {
        if (!link_send(&other->link, &other->options, 1, other->due)) fail("steady requests", "cannot send");
        other->due += (int64_t)(1e9 / other->options.rate);
        idle = false;
    }
    if (!idle && !link_receive(&other->link, &other->expected, &other->tally, on_other, other)) {
        link_close(&other->link, false);
    }
}

/// Until every request that was due before `end` has its answer: leaving out the late ones would hide the stall.
static void other_finish(struct other *other, int64_t end) {
    int64_t give_up = now_ns() + 5 * second_ns;
    while (other->link.fd >= 0 && (other->due < end || other->link.sent != other->link.received)) {
        if (now_ns() > give_up) {
            other->tally.lost++;
            return;
        }
        other_step(other, end);
    }
}

static void on_wake(void *context, struct link *link, const struct answer *answer, int64_t parked_at, int64_t now) {
    (void)link, (void)answer, (void)parked_at;
    struct park *p = context;
    int64_t triggered = p->trigger.sent_at[0];
    histogram_add(p->wake, now - triggered);
    histogram_add(p->wakes[p->round], now - triggered);
    p->awake++;
}

static void on_trigger(void *context, struct link *link, const struct answer *answer, int64_t sent_at, int64_t now) {
    (void)context, (void)link, (void)answer, (void)sent_at, (void)now;
}

static long parked_count(const struct park *p) {
    int status;
    char *body = fetch(p->control, p->options->count_request, &status);
    const char *key = strstr(body, p->options->count_key);
    if (status != 200 || key == NULL) fail("no count of parked requests in", body);
    long count = strtol(key + strlen(p->options->count_key), NULL, 10);
    free(body);
    return count;
}

/// Waits, with a bound, until the server itself says that every request is parked.
static void await_parked(const struct park *p) {
    int64_t until = now_ns() + 60 * second_ns;
    for (long count; (count = parked_count(p)) != p->options->connections;) {
        if (now_ns() > until) {
            fprintf(stderr, "load: %ld of %d parked after 60 s\n", count, p->options->connections);
            fail("park", "not all requests were parked");
        }
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
}

static void read_waiter(struct park *p, struct link *waiter) {
    if (!link_receive(waiter, &p->expected, &p->tally, on_wake, p)) link_close(waiter, true);
}

/// An answer before the trigger is no wake.
static void count_early(struct park *p) {
    struct epoll_event events[EVENTS];
    int n = epoll_wait(p->epoll, events, EVENTS, 0);
    for (int i = 0; i < n; i++) {
        fprintf(stderr, "load: answered before the trigger\n");
        p->early++;
        link_close(events[i].data.ptr, true);
    }
}

static void broadcast(struct park *p) {
    int64_t start = now_ns(), until = start + (int64_t)(p->options->patience * 1e9), now = start;
    struct options trigger = *p->options;
    trigger.request = p->options->trigger_request;
    trigger.numbered = false;
    struct expectation any = {.depth = 1};
    p->awake = 0;
    p->trigger.sent = p->trigger.received = 0;
    p->trigger.sent_at[0] = start;
    p->trigger.sent = 1;
    if (!link_write(&p->trigger, trigger.request.data, trigger.request.size)) fail("trigger", "cannot send");
    p->other.due = start;
    p->other.latency = p->busy_other;
    int waiting = p->options->connections;
    while ((p->awake < waiting || p->trigger.received == 0) && (now = now_ns()) < until) {
        other_step(&p->other, INT64_MAX);
        struct epoll_event events[EVENTS];
        int n = epoll_wait(p->epoll, events, EVENTS, 0);
        for (int i = 0; i < n; i++) read_waiter(p, events[i].data.ptr);
        if (p->trigger.received == 0 && !link_receive(&p->trigger, &any, &p->other.tally, on_trigger, NULL)) {
            fail("trigger", "connection closed");
        }
    }
    int64_t end = now_ns();
    p->seconds[p->round] = (double)(end - start) / 1e9;
    p->tally.lost += waiting - p->awake;
    if (p->trigger.received == 0) fail("trigger", "not answered");
    if (p->options->other_request.size > 0) other_finish(&p->other, end);
}

/// The same steady requests while everybody is parked and nothing happens, to compare with.
static void quiet(struct park *p) {
    if (p->other.options.request.size == 0) return;
    p->other.latency = p->quiet_other;
    p->other.due = now_ns();
    other_finish(&p->other, now_ns() + quiet_ns);
}

static void report(const struct park *p) {
    struct tally sum = p->tally;
    sum.bad_framing += p->other.tally.bad_framing;
    sum.bad_status += p->other.tally.bad_status;
    sum.bad_body += p->other.tally.bad_body;
    sum.closed += p->other.tally.closed;
    sum.lost += p->other.tally.lost;
    printf("{\"mode\":\"park\",\"connections\":%d,", p->options->connections);
    tally_print(&sum);
    printf(",\"early\":%ld,", p->early);
    histogram_print("wake_us", p->wake);
    printf(",\"rounds\":[");
    for (int i = 0; i < p->round; i++) {
        printf("%s{\"seconds\":%.6f,\"rss_kib\":%ld,\"pss_kib\":%ld,", i == 0 ? "" : ",", p->seconds[i],
               p->parked[i].rss_kib, p->parked[i].pss_kib);
        histogram_print("wake_us", p->wakes[i]);
        printf("}");
    }
    printf("],\"empty\":{\"rss_kib\":%ld,\"pss_kib\":%ld},", p->empty.rss_kib, p->empty.pss_kib);
    histogram_print("other_us", p->busy_other);
    printf(",");
    histogram_print("quiet_other_us", p->quiet_other);
    printf("}\n");
}

static void connect_all(struct park *p) {
    const struct options *o = p->options;
    p->control = link_connect(o->host, o->port, 0);
    p->trigger.fd = link_connect(o->host, o->port, 0);
    p->other.link.fd = link_connect(o->host, o->port, 0);
    parked_count(p);
    p->empty = memory_of(o);
    for (int i = 0; i < o->connections; i++) {
        p->waiters[i].fd = link_connect(o->host, o->port, i);
        watch(p->epoll, p->waiters[i].fd, &p->waiters[i]);
    }
}

int run_park(const struct options *o) {
    if (o->rounds > MOST_ROUNDS) fail("--rounds", "at most 64");
    struct park p = {.options = o, .expected = expectation_of(o), .epoll = epoll_create1(EPOLL_CLOEXEC)};
    p.waiters = calloc((size_t)o->connections, sizeof *p.waiters);
    p.wake = calloc(1, sizeof *p.wake);
    p.busy_other = calloc(1, sizeof *p.busy_other);
    p.quiet_other = calloc(1, sizeof *p.quiet_other);
    p.other.options = *o;
    p.other.options.request = o->other_request;
    p.other.options.batch = batch_of(o->other_request);
    p.other.options.rate = o->other_rate;
    p.other.expected = p.expected;
    connect_all(&p);

    for (; p.round < o->rounds && tally_errors(&p.tally) == 0 && p.early == 0; p.round++) {
        p.wakes[p.round] = calloc(1, sizeof *p.wake);
        for (int i = 0; i < o->connections; i++) {
            if (!link_send(&p.waiters[i], o, 1, now_ns())) fail("park", "cannot send");
        }
        await_parked(&p);
        p.parked[p.round] = memory_of(o);
        quiet(&p);
        count_early(&p);
        if (p.early == 0) broadcast(&p);
    }
    report(&p);
    for (int i = 0; i < o->connections; i++) link_close(&p.waiters[i], true);
    return tally_errors(&p.tally) > 0 || tally_errors(&p.other.tally) > 0 || p.early > 0;
}
