// Instances on a connection of their own each: they name the version they hold, ask again at once after an answer with one, and
// later, as they are told, after one without.
#define _GNU_SOURCE
#include "instances.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 256, ASK_AGAIN_MS = 1000, CONNECT_AGAIN_MS = 100, LOOK_MS = 5, CONNECT_SLICE = 64 };
static const char number_place[] = "########", target_place[] = "@@@@@@@@";

static void sleep_until(struct fleet *fleet, struct instance *instance, int64_t due) {
    if (instance->due == 0) fleet->sleeping++;
    instance->due = due;
}

static void wake(struct fleet *fleet, struct instance *instance) {
    if (instance->due != 0) fleet->sleeping--;
    instance->due = 0;
}

void instance_drop(struct fleet *fleet, struct instance *instance) {
    wake(fleet, instance);
    link_close(&instance->link, false);
    instance->link.sent = instance->link.received = 0;
    instance->connecting = false;
}

void instance_connect(struct fleet *fleet, struct instance *instance) {
    wake(fleet, instance);
    instance->link.fd = link_start(fleet->host, fleet->port, (int)(instance - fleet->all));
    instance->connecting = true;
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = instance};
    if (epoll_ctl(fleet->epoll, EPOLL_CTL_ADD, instance->link.fd, &event) != 0) fail("epoll_ctl", strerror(errno));
}

/// A herd comes again until it is let in; otherwise a closed connection is an error, and counted as one.
static void closed(struct fleet *fleet, struct instance *instance) {
    instance_drop(fleet, instance);
    if (fleet->herd == NULL) return;
    fleet->arrivals.reconnected++;
    sleep_until(fleet, instance, now_ns() + CONNECT_AGAIN_MS * (int64_t)1000000);
}

static void ask(struct fleet *fleet, struct instance *instance) {
    static char text[4096];
    struct bytes request = fleet->herd != NULL && !instance->served ? fleet->herd->request : fleet->options->request;
    size_t size = request.size - 2;
    if (request.size < 4 || request.size > sizeof text - 64) fail("the request", "is too short or too long");
    memcpy(text, request.data, size);
    number_write(text, size, number_place, (uint32_t)(instance - fleet->all));
    number_write(text, size, target_place, (uint32_t)instance->target);
    const char *end = text + sizeof text;
    char *at = text + size;
    if (instance->version > 0) {
        at += snprintf(at, (size_t)(end - at), "If-None-Match: \"%lld\"\r\n", (long long)instance->version);
    }
    at += snprintf(at, (size_t)(end - at), "\r\n");
    wake(fleet, instance);
    instance->link.sent_at[0] = now_ns();
    instance->link.sent++;
    if (!link_write(&instance->link, text, (size_t)(at - text))) {
        fleet->tally.closed++;
        closed(fleet, instance);
    }
}

/// How long to wait before asking again, as the answer has it.
static int64_t pause_of(const struct answer *answer) {
    const char *told = answer_header(answer, "faultplane-next-poll:");
    if (told == NULL) told = answer_header(answer, "retry-after:");
    double seconds = told == NULL ? 0 : strtod(told, NULL);
    return seconds > 0 && seconds < 3600 ? (int64_t)(seconds * 1e9) : ASK_AGAIN_MS * (int64_t)1000000;
}

static int64_t version_of(const struct answer *answer) {
    const char *tag = answer_header(answer, "etag:");
    return tag != NULL && *tag == '"' ? strtoll(tag + 1, NULL, 10) : 0;
}

static void note_herd(struct herd *herd, struct instance *instance, bool trusted, int64_t now) {
    if (instance->served) return;
    if (instance->link.received == 1) histogram_add(&herd->answered, now - herd->at);
    if (!trusted) return;
    instance->served = true;
    herd->served++;
    histogram_add(&herd->trusted, now - herd->at);
}

static void on_answer(void *context, struct link *link, const struct answer *answer, int64_t sent_at, int64_t now) {
    (void)sent_at;
    struct fleet *fleet = context;
    struct instance *instance = (struct instance *)link;
    bool understood = answer->status == 200 || answer->status == 304;
    int64_t version = understood ? version_of(answer) : 0;
    if (fleet->herd != NULL) note_herd(fleet->herd, instance, version > 0, now);
    if (version <= 0) {
        if (understood) fleet->arrivals.degraded++;
        else fleet->arrivals.refused++;
        sleep_until(fleet, instance, now + pause_of(answer));
        return;
    }
    bool changed = version > instance->version;
    if (changed) fleet->arrivals.changed++;
    else if (version == instance->version) fleet->arrivals.renewed++;
    else fleet->arrivals.lowered++;
    if (changed) instance->version = version;
    ask(fleet, instance);
    if (fleet->shot != NULL) shot_note(fleet, instance, changed, now);
}

static void ready(struct fleet *fleet, struct instance *instance) {
    static const struct expectation anything = {.status = ANY_STATUS, .depth = 1};
    if (instance->link.fd < 0) return;
    if (instance->connecting) {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(instance->link.fd, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) {
            fleet->tally.closed++;
            closed(fleet, instance);
            return;
        }
        instance->connecting = false;
        struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = instance};
        if (epoll_ctl(fleet->epoll, EPOLL_CTL_MOD, instance->link.fd, &event) != 0) fail("epoll_ctl", strerror(errno));
        ask(fleet, instance);
    } else if (!link_receive(&instance->link, &anything, &fleet->tally, on_answer, fleet)) {
        closed(fleet, instance);
    }
}

static void look_through_sleeping(struct fleet *fleet) {
    int64_t now = now_ns();
    if (fleet->sleeping == 0 || now - fleet->looked_at < LOOK_MS * 1000000) return;
    fleet->looked_at = now;
    for (int i = 0; i < fleet->options->connections; i++) {
        struct instance *instance = &fleet->all[i];
        if (instance->due == 0 || instance->due > now) continue;
        if (instance->link.fd >= 0) ask(fleet, instance);
        else instance_connect(fleet, instance);
    }
}

static void read_commands(struct fleet *fleet) {
    size_t room = sizeof fleet->line - fleet->line_size;
    ssize_t n = read(STDIN_FILENO, fleet->line + fleet->line_size, room);
    if (n > 0) fleet->line_size += (size_t)n;
    if (n > 0 && fleet->line_size < sizeof fleet->line) return;
    fleet->ended = true;
    epoll_ctl(fleet->epoll, EPOLL_CTL_DEL, STDIN_FILENO, NULL);
}

void fleet_turn(struct fleet *fleet, bool waits) {
    struct epoll_event events[EVENTS];
    int n = epoll_wait(fleet->epoll, events, EVENTS, waits ? LOOK_MS : 0);
    for (int i = 0; i < n; i++) {
        void *tag = events[i].data.ptr;
        if (tag == NULL) read_commands(fleet);
        else if (fleet->shot != NULL && tag == &fleet->shot->link) shot_read(fleet);
        else ready(fleet, tag);
    }
    look_through_sleeping(fleet);
}

void fleet_connect(struct fleet *fleet) {
    for (int i = 0; i < fleet->options->connections; i++) {
        instance_connect(fleet, &fleet->all[i]);
        if (i % CONNECT_SLICE == CONNECT_SLICE - 1) fleet_turn(fleet, false);
    }
}

bool fleet_waits(const struct fleet *fleet) {
    for (int i = 0; i < fleet->options->connections; i++) {
        const struct instance *instance = &fleet->all[i];
        if (instance->link.fd < 0 || instance->connecting || instance->due != 0 || instance->version == 0) return false;
    }
    return true;
}

void arrivals_print(const struct arrivals *a) {
    printf("\"arrivals\":{\"changed\":%ld,\"renewed\":%ld,\"degraded\":%ld,\"refused\":%ld,\"lowered\":%ld,\"reconnected\":%ld}",
           a->changed, a->renewed, a->degraded, a->refused, a->lowered, a->reconnected);
}
