// What is timed about instances: how soon they see what a request changed, and how soon a herd of them is served.
#define _GNU_SOURCE
#include "instances.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void shot_note(struct fleet *fleet, struct instance *instance, bool changed, int64_t now) {
    struct shot *shot = fleet->shot;
    if (shot->target >= 0 && instance->target != shot->target) {
        if (changed) shot->others_changed++;
        else shot->others_renewed++;
    } else if (changed && instance->shot == shot->number) {
        shot->again++;
    } else if (changed) {
        instance->shot = shot->number;
        histogram_add(&shot->visible, now - shot->at);
        histogram_add(&shot->confirmed, now_ns() - shot->at);
    }
}

static void on_shot(void *context, struct link *link, const struct answer *answer, int64_t sent_at, int64_t now) {
    (void)link, (void)sent_at;
    struct shot *shot = context;
    shot->answered_at = now;
    shot->status = answer->status;
    shot->body = strndup(answer->body, answer->body_size);
}

void shot_read(struct fleet *fleet) {
    static const struct expectation anything = {.status = ANY_STATUS, .depth = 1};
    struct tally own = {0};
    if (!link_receive(&fleet->shot->link, &anything, &own, on_shot, fleet->shot)) fail("fire", "connection closed");
}

static void shot_print(const struct fleet *fleet, const struct shot *shot, long expected) {
    // What is no object of one line is no answer that anybody can use.
    bool usable = shot->body != NULL && shot->body[0] == '{' && strchr(shot->body, '\n') == NULL;
    printf("{\"fired_ns\":%lld,\"status\":%d,\"answered_us\":%.1f,\"expected\":%ld,", (long long)shot->at, shot->status,
           shot->status == 0 ? 0 : (double)(shot->answered_at - shot->at) / 1000, expected);
    tally_print(&fleet->tally);
    printf(",\"others\":{\"changed\":%ld,\"renewed\":%ld},\"again\":%ld,", shot->others_changed, shot->others_renewed,
           shot->again);
    arrivals_print(&fleet->arrivals);
    printf(",");
    histogram_print("visible_us", &shot->visible);
    printf(",");
    histogram_print("confirmed_us", &shot->confirmed);
    printf(",\"body\":%s}\n", usable ? shot->body : "null");
    fflush(stdout);
}

void fire(struct fleet *fleet, const char *path, int target, double patience, double linger) {
    static uint32_t shots;
    struct bytes request = read_file(path);
    struct shot *shot = calloc(1, sizeof *shot);
    long expected = 0;
    for (int i = 0; i < fleet->options->connections; i++) expected += target < 0 || fleet->all[i].target == target;
    shot->number = ++shots;
    shot->target = target;
    shot->link.fd = link_connect(fleet->host, fleet->port, 0);
    watch(fleet->epoll, shot->link.fd, &shot->link);
    fleet->shot = shot;
    memset(&fleet->arrivals, 0, sizeof fleet->arrivals);
    memset(&fleet->tally, 0, sizeof fleet->tally);

    shot->at = now_ns();
    shot->link.sent = 1;
    if (!link_write(&shot->link, request.data, request.size)) fail("fire", "cannot send");
    int64_t until = shot->at + (int64_t)(patience * 1e9);
    while ((shot->status == 0 || (long)shot->visible.count < expected) && now_ns() < until && !fleet->ended) {
        fleet_turn(fleet, true);
    }
    fleet->tally.lost += expected - (long)shot->visible.count;
    int64_t over = now_ns() + (int64_t)(linger * 1e9);
    while (now_ns() < over && !fleet->ended) fleet_turn(fleet, true);

    shot_print(fleet, shot, expected);
    fleet->shot = NULL;
    link_close(&shot->link, false);
    free(shot->body);
    free(shot);
    free(request.data);
}

void herd(struct fleet *fleet, int port, const char *path, double patience) {
    struct herd *herd = calloc(1, sizeof *herd);
    int count = fleet->options->connections;
    herd->request = read_file(path);
    for (int i = 0; i < count; i++) {
        instance_drop(fleet, &fleet->all[i]);
        fleet->all[i].served = false;
    }
    fleet->port = port;
    fleet->herd = herd;
    memset(&fleet->arrivals, 0, sizeof fleet->arrivals);
    memset(&fleet->tally, 0, sizeof fleet->tally);

    herd->at = now_ns();
    int64_t until = herd->at + (int64_t)(patience * 1e9);
    fleet_connect(fleet);
    while (herd->served < count && now_ns() < until && !fleet->ended) fleet_turn(fleet, true);

    // Whoever was turned away came again: only those who were not served in the end are missing.
    fleet->tally = (struct tally){.answers = fleet->tally.answers, .lost = count - herd->served};
    printf("{\"began_ns\":%lld,\"expected\":%d,", (long long)herd->at, count);
    tally_print(&fleet->tally);
    printf(",");
    arrivals_print(&fleet->arrivals);
    printf(",");
    histogram_print("answered_us", &herd->answered);
    printf(",");
    histogram_print("trusted_us", &herd->trusted);
    printf("}\n");
    fflush(stdout);
    fleet->herd = NULL;
    free(herd->request.data);
    free(herd);
}
