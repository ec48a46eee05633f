// What the modes of the load generator share: options, connections, answers, latencies.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAX_DEPTH = 16, MAX_PIDS = 64, MAX_TEXTS = 4, NUMBER_DIGITS = 8, ANY_STATUS = -1 };

/// A file read whole: a request to send as it is, or a body to compare with.
struct bytes {
    char *data;
    size_t size;
};

struct options {
    const char *mode;
    const char *host;
    int port;
    int connections;
    int depth;
    double seconds;
    long requests;          // 0: until the seconds are over
    double rate;            // paced: requests per second
    int status;             // what every answer must say; 0: any of the 200s
    struct bytes request;
    char *batch;            // the request as often as the depth may be, for one write
    struct bytes body;      // size 0: not compared
    bool numbered;          // "########" in request and body is the request's number on its connection
    bool unique;            // "########" in the request is its number among all requests
    uint32_t wrap;          // unique: from this number on they begin anew
    int targets;            // "@@@@@@@@" in the request is the number modulo this; 0: there is none
    uint32_t variants;      // the request's file holds so many of the same length, which take turns
    const char *texts[MAX_TEXTS]; // that every body must hold, in which "@@@@@@@@" is what it was in the request
    int text_count;

    int rounds;             // park
    double patience;        // park: seconds until an unanswered waiter counts as lost
    struct bytes count_request;
    const char *count_key;  // the text before the number of parked requests in the count's answer
    struct bytes trigger_request;
    struct bytes other_request;
    double other_rate;
    int pids[MAX_PIDS];
    int pid_count;
};

// -- time, files and failure (main.c)

int64_t now_ns(void);
struct bytes read_file(const char *path);
_Noreturn void fail(const char *what, const char *detail);

// -- latencies (histogram.c): log-linear buckets, 0.4 % wide

enum { SUB_BITS = 8, BUCKETS = (64 - SUB_BITS + 1) << SUB_BITS };

struct histogram {
    uint64_t count;
    int64_t min, max;
    uint32_t buckets[BUCKETS];
};

void histogram_add(struct histogram *h, int64_t ns);
double histogram_us(const struct histogram *h, double share);
/// Prints `"NAME":{"count":..,"min":..,"p50":..,..}`, times in microseconds.
void histogram_print(const char *name, const struct histogram *h);

// -- answers (answer.c)

struct answer {
    int status;
    const char *head;   // the first header's line
    size_t head_size;
    const char *body;
    size_t body_size;
};

/// The length of the first whole answer in the bytes; 0 when more are needed; -1 when it is no well-framed answer.
long answer_parse(const char *data, size_t size, struct answer *out);
/// The header's value, which ends with its line, or NULL; the name is given in small letters with its colon.
const char *answer_header(const struct answer *answer, const char *name);

// -- what went wrong, by kind (link.c)

struct tally {
    long answers;
    long bad_status, bad_framing, bad_body, closed, lost;
};

long tally_errors(const struct tally *t);
/// Prints `"requests":..,"errors":..,"error_kinds":{..}`.
void tally_print(const struct tally *t);

// -- connections (link.c)

struct link {
    int fd;                     // -1 once closed
    uint32_t sent, received;    // requests written, answers read
    int64_t sent_at[MAX_DEPTH]; // by number modulo the depth
    uint32_t target[MAX_DEPTH]; // likewise
    char *partial;              // an answer's first bytes, until the rest arrives
    uint32_t partial_size;
};

/// What every answer on a link is held against.
struct expectation {
    int status;     // 0: any of the 200s
    struct bytes body;
    bool numbered;
    int depth;
    const char *const *texts;
    int text_count;
};

typedef void (*answer_handler)(void *context, struct link *link, const struct answer *answer, int64_t sent_at, int64_t now);

int link_connect(const char *host, int port, int source);
/// The same without waiting: it is connected, or has failed, once it is writable.
int link_start(const char *host, int port, int source);
void link_close(struct link *link, bool reset);
bool link_write(struct link *link, const char *data, size_t size);
char *batch_of(struct bytes request);
/// Writes eight digits wherever the placeholder's eight characters stand.
void number_write(char *text, size_t size, const char *placeholder, uint32_t number);
/// Sends `count` requests in one write, each with its number where the request has a place for it.
bool link_send(struct link *link, const struct options *o, int count, int64_t at);
/// Reads once and hands every whole answer on; false when the link is closed, by the peer or for bad framing.
bool link_receive(struct link *link, const struct expectation *expected, struct tally *tally,
                  answer_handler handler, void *context);
/// One request and its answer on a blocking socket; the body ends with a zero byte and is the caller's to free.
char *fetch(int fd, struct bytes request, int *status);

struct expectation expectation_of(const struct options *o);
void watch(int epoll, int fd, void *tag);

// -- server memory (memory.c)

struct memory {
    long rss_kib, pss_kib;
};

struct memory memory_of(const struct options *o);

// -- modes: the exit status is 0 without errors, 1 with

int run_closed(const struct options *o);
int run_paced(const struct options *o);
int run_park(const struct options *o);
int run_instances(const struct options *o);
