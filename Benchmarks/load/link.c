// One connection: connecting, sending numbered or plain requests, reading and checking the answers.
#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_SIZE = 256 * 1024, SOURCE_PORTS = 12000 };
static const char number_place[] = "########", target_place[] = "@@@@@@@@";

/// All reading goes through one buffer: links that wait cost nothing.
static char buffer[READ_SIZE];

long tally_errors(const struct tally *t) {
    return t->bad_status + t->bad_framing + t->bad_body + t->closed + t->lost;
}

void tally_print(const struct tally *t) {
    printf("\"requests\":%ld,\"errors\":%ld,\"error_kinds\":{\"status\":%ld,\"framing\":%ld,\"body\":%ld,"
           "\"closed\":%ld,\"lost\":%ld}",
           t->answers, tally_errors(t), t->bad_status, t->bad_framing, t->bad_body, t->closed, t->lost);
}

struct expectation expectation_of(const struct options *o) {
    return (struct expectation){o->status, o->body, o->numbered, o->depth, o->texts, o->text_count};
}

void watch(int epoll, int fd, void *tag) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = tag};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl", strerror(errno));
}

/// A socket and where it is to connect. `source` counts connections: every 12,000 get a loopback address of their own.
static int unconnected(const char *host, int port, int source, int flags, struct sockaddr_in *address) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0), on = 1;
    if (fd < 0) fail("socket", strerror(errno));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, host, &to.sin_addr) != 1) fail("not an IPv4 address", host);
    if (source >= SOURCE_PORTS && (ntohl(to.sin_addr.s_addr) >> 24) == 127) {
        struct sockaddr_in from = {.sin_family = AF_INET};
        from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)(source / SOURCE_PORTS));
        setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        if (bind(fd, (struct sockaddr *)&from, sizeof from) != 0) fail("bind", strerror(errno));
    }
    *address = to;
    return fd;
}

int link_connect(const char *host, int port, int source) {
    struct sockaddr_in to;
    int fd = unconnected(host, port, source, 0, &to);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0) fail("connect", strerror(errno));
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    return fd;
}

int link_start(const char *host, int port, int source) {
    struct sockaddr_in to;
    int fd = unconnected(host, port, source, SOCK_NONBLOCK, &to);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0 && errno != EINPROGRESS) fail("connect", strerror(errno));
    return fd;
}

void link_close(struct link *link, bool reset) {
    if (link->fd < 0) return;
    struct linger hard = {1, 0};
    if (reset) setsockopt(link->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close(link->fd);
    link->fd = -1;
    free(link->partial);
    link->partial = NULL;
    link->partial_size = 0;
}

/// Writes everything; requests are far smaller than a socket's buffer, so waiting here is the exception.
bool link_write(struct link *link, const char *data, size_t size) {
    while (size > 0) {
        ssize_t n = send(link->fd, data, size, MSG_NOSIGNAL);
        if (n >= 0) {
            data += n;
            size -= (size_t)n;
        } else if (errno == EAGAIN) {
            struct pollfd wait = {.fd = link->fd, .events = POLLOUT};
            if (poll(&wait, 1, 5000) <= 0) return false;
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

void number_write(char *text, size_t size, const char *placeholder, uint32_t number) {
    char digits[16], *end = text + size;
    snprintf(digits, sizeof digits, "%08u", number % 100000000u);
    while ((text = memmem(text, (size_t)(end - text), placeholder, NUMBER_DIGITS)) != NULL) {
        memcpy(text, digits, NUMBER_DIGITS);
        text += NUMBER_DIGITS;
    }
}

char *batch_of(struct bytes request) {
    char *batch = malloc(request.size * MAX_DEPTH);
    if (batch == NULL) fail("malloc", "");
    for (int i = 0; i < MAX_DEPTH; i++) memcpy(batch + (size_t)i * request.size, request.data, request.size);
    return batch;
}

bool link_send(struct link *link, const struct options *o, int count, int64_t at) {
    static uint32_t sent_by_all;
    size_t size = o->request.size;
    for (int i = 0; i < count; i++) {
        if (o->numbered || o->unique) {
            uint32_t number = o->unique ? sent_by_all++ % o->wrap : link->sent;
            uint32_t target = o->targets > 0 ? number % (uint32_t)o->targets : number;
            memcpy(o->batch + (size_t)i * size, o->request.data + number % o->variants * size, size);
            number_write(o->batch + (size_t)i * size, size, number_place, number);
            if (o->targets > 0) number_write(o->batch + (size_t)i * size, size, target_place, target);
            link->target[link->sent % (uint32_t)o->depth] = target;
        }
        link->sent_at[link->sent % (uint32_t)o->depth] = at;
        link->sent++;
    }
    return link_write(link, o->batch, size * (size_t)count);
}

static bool same_body(const struct link *link, const struct expectation *e, const struct answer *a) {
    if (e->body.size == 0) return true;
    if (a->body_size != e->body.size) return false;
    if (!e->numbered) return memcmp(a->body, e->body.data, e->body.size) == 0;
    char wanted[4096];
    if (e->body.size > sizeof wanted) fail("a numbered body is too long", "");
    memcpy(wanted, e->body.data, e->body.size);
    number_write(wanted, e->body.size, number_place, link->received);
    return memcmp(a->body, wanted, e->body.size) == 0;
}

static bool holds_texts(const struct link *link, const struct expectation *e, const struct answer *a) {
    for (int i = 0; i < e->text_count; i++) {
        char wanted[256];
        size_t size = strlen(e->texts[i]);
        if (size > sizeof wanted) fail("too long a text to look for", e->texts[i]);
        memcpy(wanted, e->texts[i], size);
        number_write(wanted, size, target_place, link->target[link->received % (uint32_t)e->depth]);
        if (memmem(a->body, a->body_size, wanted, size) == NULL) return false;
    }
    return true;
}

static void check(struct link *link, const struct expectation *e, const struct answer *a, struct tally *t) {
    bool right_status = e->status == 0 ? a->status / 100 == 2 : e->status == ANY_STATUS || a->status == e->status;
    if (right_status && same_body(link, e, a) && holds_texts(link, e, a)) return;
    if (tally_errors(t) == 0) {
        fprintf(stderr, "load: answer %u: status %d, wanted %d, body of %zu bytes: %.*s\n", link->received, a->status,
                e->status, a->body_size, (int)(a->body_size < 200 ? a->body_size : 200), a->body);
    }
    if (right_status) t->bad_body++;
    else t->bad_status++;
}

static void keep_partial(struct link *link, const char *data, size_t size) {
    if (size == 0) {
        if (link->partial_size != 0) {
            free(link->partial);
            link->partial = NULL;
        }
    } else {
        link->partial = realloc(link->partial, size);
        if (link->partial == NULL) fail("realloc", "");
        memcpy(link->partial, data, size);
    }
    link->partial_size = (uint32_t)size;
}

bool link_receive(struct link *link, const struct expectation *expected, struct tally *tally,
                  answer_handler handler, void *context) {
    size_t held = link->partial_size;
    if (held > 0) memcpy(buffer, link->partial, held);
    ssize_t n = recv(link->fd, buffer + held, READ_SIZE - held, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    if (n <= 0) {
        tally->closed++;
        return false;
    }
    int64_t now = now_ns();
    size_t size = held + (size_t)n, at = 0;
    while (at < size) {
        struct answer answer;
        long whole = answer_parse(buffer + at, size - at, &answer);
        bool unasked = link->received == link->sent;
        if (whole < 0 || unasked || (whole == 0 && at == 0 && size == READ_SIZE)) {
            if (tally_errors(tally) == 0) {
                int shown = size - at < 200 ? (int)(size - at) : 200;
                fprintf(stderr, "load: %s: %.*s\n", unasked ? "unasked answer" : "bad framing", shown, buffer + at);
            }
            tally->bad_framing++;
            return false;
        }
        if (whole == 0) break;
        check(link, expected, &answer, tally);
        int64_t sent_at = link->sent_at[link->received % (uint32_t)expected->depth];
        link->received++;
        tally->answers++;
        handler(context, link, &answer, sent_at, now);
        at += (size_t)whole;
    }
    keep_partial(link, buffer + at, size - at);
    return true;
}

char *fetch(int fd, struct bytes request, int *status) {
    static char answer_bytes[65536];
    struct link link = {.fd = fd};
    if (!link_write(&link, request.data, request.size)) fail("control request", strerror(errno));
    for (size_t size = 0; size < sizeof answer_bytes;) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        if (poll(&wait, 1, 10000) <= 0) fail("control request", "no answer in 10 s");
        ssize_t n = recv(fd, answer_bytes + size, sizeof answer_bytes - size, 0);
        if (n <= 0) fail("control request", n == 0 ? "connection closed" : strerror(errno));
        size += (size_t)n;
        struct answer answer;
        long whole = answer_parse(answer_bytes, size, &answer);
        if (whole < 0) fail("control request", "bad framing");
        if (whole > 0) {
            *status = answer.status;
            return strndup(answer.body, answer.body_size);
        }
    }
    fail("control request", "answer too long");
}
