// bare --document FILE [--port P] [--path PATH --answer FILE]...
// The least a server can do, in C: the practical limit the others are compared with. It answers the benchmark's
// endpoints from one epoll loop; no authentication, no limits, no deadline for the parked.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DESCRIPTORS = 65536, READ_SIZE = 64 * 1024, WRITE_SIZE = 256 * 1024, EVENTS = 256 };

/// Indexed by descriptor. Bytes are kept only while a request is incomplete.
static struct {
    char *partial;
    int partial_size;
    int parked; // place in `waiting` plus 1; 0: not parked
} connections[DESCRIPTORS];

static int waiting[DESCRIPTORS], waiting_count;
static long requests;

/// Whole answers out of files, to GET of a path.
static struct {
    char start[256];
    char *text;
    size_t size;
} fixed[8];
static int fixed_count;

static char input[READ_SIZE], output[WRITE_SIZE], document[WRITE_SIZE / 16];
static size_t output_size, document_size;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void flush_output(int fd) {
    if (output_size > 0 && send(fd, output, output_size, MSG_NOSIGNAL) != (ssize_t)output_size) shutdown(fd, SHUT_RDWR);
    output_size = 0;
}

static void put(int fd, const char *data, size_t size) {
    if (output_size + size > WRITE_SIZE) flush_output(fd);
    memcpy(output + output_size, data, size);
    output_size += size;
}

static void put_json(int fd, const char *json) {
    char answer[512];
    int size = snprintf(answer, sizeof answer,
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                        strlen(json), json);
    put(fd, answer, (size_t)size);
}

static void leave(int fd) {
    int place = connections[fd].parked - 1;
    if (place < 0) return;
    int last = waiting[--waiting_count];
    waiting[place] = last;
    connections[last].parked = place + 1;
    connections[fd].parked = 0;
}

static void hang_up(int fd) {
    leave(fd);
    free(connections[fd].partial);
    connections[fd].partial = NULL;
    connections[fd].partial_size = 0;
    close(fd);
}

static void wake_all(void) {
    int count = waiting_count;
    waiting_count = 0;
    for (int i = 0; i < count; i++) {
        int fd = waiting[i];
        connections[fd].parked = 0;
        if (send(fd, document, document_size, MSG_NOSIGNAL) < 0) shutdown(fd, SHUT_RDWR);
    }
}

static bool starts(const char *data, const char *text) {
    return memcmp(data, text, strlen(text)) == 0;
}

static bool answer_fixed(int fd, const char *head) {
    for (int i = 0; i < fixed_count; i++) {
        if (!starts(head, fixed[i].start)) continue;
        put(fd, fixed[i].text, fixed[i].size);
        return true;
    }
    return false;
}

/// One request; its head is complete and longer than any of the texts compared with.
static void answer(int fd, const char *head) {
    char json[128];
    requests++;
    if (answer_fixed(fd, head)) return;
    if (starts(head, "GET /bench/document ")) {
        put(fd, document, document_size);
    } else if (starts(head, "GET /bench/park?")) {
        waiting[waiting_count++] = fd;
        connections[fd].parked = waiting_count;
    } else if (starts(head, "POST /bench/wake ")) {
        wake_all();
        put_json(fd, "{\"woken\":true}");
    } else if (starts(head, "GET /bench/parked ")) {
        snprintf(json, sizeof json, "{\"parked\":%d}", waiting_count);
        put_json(fd, json);
    } else if (starts(head, "GET /bench/allocations ")) {
        snprintf(json, sizeof json, "{\"allocations\":0,\"requests\":%ld}", requests);
        put_json(fd, json);
    } else {
        static const char missing[] = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
        put(fd, missing, sizeof missing - 1);
    }
}

/// Answers every whole request in the bytes and keeps the rest.
static void process(int fd, const char *at, const char *end) {
    for (const char *blank; (blank = memmem(at, (size_t)(end - at), "\r\n\r\n", 4)) != NULL; at = blank + 4) {
        answer(fd, at);
    }
    flush_output(fd);
    free(connections[fd].partial);
    connections[fd].partial = NULL;
    connections[fd].partial_size = (int)(end - at);
    if (at < end) {
        connections[fd].partial = malloc((size_t)(end - at));
        memcpy(connections[fd].partial, at, (size_t)(end - at));
    }
}

/// Edge-triggered: a read that did not fill the buffer has emptied the socket, and what comes later is a new event.
static void readable(int fd, bool ended) {
    ssize_t n, room;
    do {
        int held = connections[fd].partial_size;
        if (held > 0) memcpy(input, connections[fd].partial, (size_t)held);
        room = READ_SIZE - held;
        n = recv(fd, input + held, (size_t)room, 0);
        if (n < 0 && errno == EAGAIN) break;
        if (n <= 0 || connections[fd].parked > 0) { // gone, or speaking while parked, which this server does not do
            hang_up(fd);
            return;
        }
        process(fd, input, input + held + n);
    } while (n == room);
    if (ended) hang_up(fd);
}

static void accept_all(int listener, int epoll) {
    int on = 1;
    for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
        if (fd >= DESCRIPTORS) {
            close(fd);
            continue;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.fd = fd};
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    }
}

static void load_document(const char *path) {
    char body[4096];
    FILE *file = fopen(path, "rb");
    if (file == NULL) die(path);
    size_t size = fread(body, 1, sizeof body, file);
    fclose(file);
    int head = snprintf(document, sizeof document,
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n", size);
    memcpy(document + head, body, size);
    document_size = (size_t)head + size;
}

static void load_answer(const char *path) {
    static char bytes[WRITE_SIZE / 16];
    FILE *file = fopen(path, "rb");
    if (file == NULL) die(path);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    fixed[fixed_count].text = malloc(size);
    fixed[fixed_count].size = size;
    memcpy(fixed[fixed_count++].text, bytes, size);
}

static int listen_on(int port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, 4096) != 0) die("listen");
    getsockname(fd, (struct sockaddr *)&address, &size);
    printf("listening on http://127.0.0.1:%d\nbearer none.none\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

int main(int count, char **arguments) {
    int port = 0;
    for (int i = 1; i + 1 < count; i += 2) {
        if (strcmp(arguments[i], "--port") == 0) port = atoi(arguments[i + 1]);
        if (strcmp(arguments[i], "--document") == 0) load_document(arguments[i + 1]);
        if (fixed_count == sizeof fixed / sizeof fixed[0]) break;
        if (strcmp(arguments[i], "--path") == 0) {
            snprintf(fixed[fixed_count].start, sizeof fixed[0].start, "GET %s?", arguments[i + 1]);
        }
        if (strcmp(arguments[i], "--answer") == 0) load_answer(arguments[i + 1]);
    }
    if (document_size == 0) {
        fputs("bare --document FILE [--port P] [--path PATH --answer FILE]...\n", stderr);
        return 2;
    }
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);

    int listener = listen_on(port), epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        struct epoll_event events[EVENTS];
        int n = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < n; i++) {
            if (events[i].data.fd == listener) accept_all(listener, epoll);
            else readable(events[i].data.fd, (events[i].events & EPOLLRDHUP) != 0);
        }
    }
}
