// load MODE --port P --request FILE ...: an epoll load generator that checks every answer and prints one JSON object.
#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { MAX_FILE = 16 << 20 };

static const char usage[] =
    "load closed|paced|park|instances --port P --request FILE [options]\n"
    "  every mode   --host 127.0.0.1  --connections 64  --seconds 5  --status 200  --body FILE\n"
    "               --numbered  '########' in request and body stands for the request's number on its connection\n"
    "               --unique    '########' in the request stands for its number among all requests\n"
    "               --wrap M    and begins anew at M  --targets T  '@@@@@@@@' stands for that number modulo T\n"
    "               --variants V  the request's file holds V of one length, which take turns by that number\n"
    "               --holds TEXT  in every body, '@@@@@@@@' as it was in the request (repeatable)\n"
    "  closed       --depth 1 (at most 16)  --requests R (then --seconds is the limit)\n"
    "  paced        --rate 20000\n"
    "  park         --count-request FILE --count-key TEXT --trigger-request FILE  --rounds 5  --patience 10\n"
    "               --other-request FILE --other-rate 1000  --pid PID (repeatable)\n"
    "  instances    --targets T  '########' in the request is the instance's number; reads commands, see commands.c\n";

int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

_Noreturn void fail(const char *what, const char *detail) {
    fprintf(stderr, "load: %s: %s\n", what, detail);
    exit(2);
}

struct bytes read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail(path, strerror(errno));
    struct bytes bytes = {malloc(MAX_FILE), 0};
    bytes.size = fread(bytes.data, 1, MAX_FILE, file);
    if (bytes.size == 0 || bytes.size == MAX_FILE) fail(path, "is empty, or has 16 MiB or more");
    fclose(file);
    return bytes;
}

static double number(const char *name, const char *text, double least, double most) {
    char *end;
    double value = strtod(text, &end);
    if (*text == 0 || *end != 0 || !(value >= least && value <= most)) {
        fprintf(stderr, "load: --%s takes a number from %g to %g, not '%s'\n", name, least, most, text);
        exit(2);
    }
    return value;
}

enum flag {
    HOST, PORT, CONNECTIONS, DEPTH, SECONDS, REQUESTS, RATE, STATUS, REQUEST, BODY, NUMBERED, UNIQUE, WRAP, TARGETS,
    VARIANTS, HOLDS, ROUNDS, PATIENCE, COUNT_REQUEST, COUNT_KEY, TRIGGER_REQUEST, OTHER_REQUEST, OTHER_RATE, PID
};

static const struct option flags[] = {
    {"host", 1, NULL, HOST}, {"port", 1, NULL, PORT}, {"connections", 1, NULL, CONNECTIONS},
    {"depth", 1, NULL, DEPTH}, {"seconds", 1, NULL, SECONDS}, {"requests", 1, NULL, REQUESTS},
    {"rate", 1, NULL, RATE}, {"status", 1, NULL, STATUS}, {"request", 1, NULL, REQUEST}, {"body", 1, NULL, BODY},
    {"numbered", 0, NULL, NUMBERED}, {"unique", 0, NULL, UNIQUE}, {"wrap", 1, NULL, WRAP}, {"targets", 1, NULL, TARGETS},
    {"variants", 1, NULL, VARIANTS}, {"holds", 1, NULL, HOLDS},
    {"rounds", 1, NULL, ROUNDS}, {"patience", 1, NULL, PATIENCE},
    {"count-request", 1, NULL, COUNT_REQUEST}, {"count-key", 1, NULL, COUNT_KEY},
    {"trigger-request", 1, NULL, TRIGGER_REQUEST}, {"other-request", 1, NULL, OTHER_REQUEST},
    {"other-rate", 1, NULL, OTHER_RATE}, {"pid", 1, NULL, PID}, {NULL, 0, NULL, 0},
};

static void set(struct options *o, enum flag flag, const char *name, const char *value) {
    switch (flag) {
    case HOST: o->host = value; break;
    case PORT: o->port = (int)number(name, value, 1, 65535); break;
    case CONNECTIONS: o->connections = (int)number(name, value, 1, 100000); break;
    case DEPTH: o->depth = (int)number(name, value, 1, MAX_DEPTH); break;
    case SECONDS: o->seconds = number(name, value, 0.01, 3600); break;
    case REQUESTS: o->requests = (long)number(name, value, 1, 1e12); break;
    case RATE: o->rate = number(name, value, 1, 1e7); break;
    case STATUS: o->status = (int)number(name, value, 0, 999); break;
    case REQUEST: o->request = read_file(value); break;
    case BODY: o->body = read_file(value); break;
    case NUMBERED: o->numbered = true; break;
    case UNIQUE: o->unique = true; break;
    case WRAP: o->wrap = (uint32_t)number(name, value, 1, 1e8); break;
    case TARGETS: o->targets = (int)number(name, value, 1, 1e8); break;
    case VARIANTS: o->variants = (uint32_t)number(name, value, 1, 1e6); break;
    case HOLDS:
        if (o->text_count == MAX_TEXTS) fail("--holds", "too many");
        o->texts[o->text_count++] = value;
        break;
    case ROUNDS: o->rounds = (int)number(name, value, 1, 64); break;
    case PATIENCE: o->patience = number(name, value, 0.01, 600); break;
    case COUNT_REQUEST: o->count_request = read_file(value); break;
    case COUNT_KEY: o->count_key = value; break;
    case TRIGGER_REQUEST: o->trigger_request = read_file(value); break;
    case OTHER_REQUEST: o->other_request = read_file(value); break;
    case OTHER_RATE: o->other_rate = number(name, value, 1, 1e5); break;
    case PID:
        if (o->pid_count == MAX_PIDS) fail("--pid", "too many");
        o->pids[o->pid_count++] = (int)number(name, value, 1, 1e9);
        break;
    }
}

static void raise_descriptor_limit(int wanted) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < (rlim_t)wanted + 32) fail("--connections", "more than this process may open files");
}

int main(int count, char **arguments) {
    struct options o = {.host = "127.0.0.1", .connections = 64, .depth = 1, .seconds = 5, .rate = 20000,
                        .status = 200, .wrap = 100000000, .variants = 1, .rounds = 5, .patience = 10, .other_rate = 1000};
    int flag, index = 0;
    while ((flag = getopt_long(count, arguments, "", flags, &index)) != -1) {
        if (flag == '?') {
            fputs(usage, stderr);
            return 2;
        }
        set(&o, (enum flag)flag, flags[index].name, optarg);
    }
    o.mode = optind + 1 == count ? arguments[optind] : "";
    if (o.port == 0 || o.request.size == 0) {
        fputs(usage, stderr);
        return 2;
    }
    if (o.request.size % o.variants != 0) fail("--variants", "the requests are not of one length");
    if (o.variants > 1 && !o.unique) fail("--variants", "goes with --unique");
    o.request.size /= o.variants;
    o.batch = batch_of(o.request);
    raise_descriptor_limit(o.connections);
    if (strcmp(o.mode, "closed") == 0) return run_closed(&o);
    if (strcmp(o.mode, "instances") == 0) return run_instances(&o);
    if (strcmp(o.mode, "paced") == 0 || strcmp(o.mode, "park") == 0) {
        if (o.depth != 1) fail("--depth", "only closed has one");
        if (strcmp(o.mode, "paced") == 0) return run_paced(&o);
        if (o.count_request.size == 0 || o.count_key == NULL || o.trigger_request.size == 0) {
            fail("park", "needs --count-request, --count-key and --trigger-request");
        }
        return run_park(&o);
    }
    fputs(usage, stderr);
    return 2;
}
