// Reads one HTTP/1.1 answer framed by Content-Length: the only framing the measured servers use.
#define _GNU_SOURCE
#include "load.h"

#include <string.h>
#include <strings.h>

enum { LONGEST_ANSWER = 1 << 20 };

/// The header's value, or -1 when it is no plain number.
static long length_value(const char *p, const char *end) {
    while (p < end && (*p == ' ' || *p == '\t')) p++;
    if (p == end) return -1;
    long value = 0;
    for (; p < end && *p >= '0' && *p <= '9'; p++) {
        value = value * 10 + (*p - '0');
        if (value > LONGEST_ANSWER) return -1;
    }
    while (p < end && (*p == ' ' || *p == '\t')) p++;
    return p == end ? value : -1;
}

long answer_parse(const char *data, size_t size, struct answer *out) {
    static const char version[] = "HTTP/1.1 ";
    size_t known = size < sizeof version - 1 ? size : sizeof version - 1;
    if (memcmp(data, version, known) != 0) return -1;
    const char *blank = memmem(data, size, "\r\n\r\n", 4);
    if (blank == NULL) return size > 65536 ? -1 : 0;

    const char *head_end = blank + 2; // after the last header's line end
    if (blank - data < 12) return -1;
    out->status = 0;
    for (int i = 9; i < 12; i++) {
        if (data[i] < '0' || data[i] > '9') return -1;
        out->status = out->status * 10 + (data[i] - '0');
    }

    long length = -1;
    const char *line = memchr(data, '\n', (size_t)(head_end - data));
    for (line++; line < head_end;) {
        const char *end = memchr(line, '\n', (size_t)(head_end - line));
        size_t width = (size_t)(end - line);
        if (width > 15 && (line[0] | 0x20) == 'c' && strncasecmp(line, "content-length:", 15) == 0) {
            long value = length_value(line + 15, end[-1] == '\r' ? end - 1 : end);
            if (value < 0 || length >= 0) return -1;
            length = value;
        } else if (width > 18 && (line[0] | 0x20) == 't' && strncasecmp(line, "transfer-encoding:", 18) == 0) {
            return -1;
        }
        line = end + 1;
    }
    if (length < 0 && out->status != 204 && out->status != 304) return -1;
    // These have none, whatever length they tell of.
    if (out->status == 204 || out->status == 304) length = 0;
    out->head = (const char *)memchr(data, '\n', (size_t)(head_end - data)) + 1;
    out->head_size = (size_t)(head_end - out->head);
    out->body = blank + 4;
    out->body_size = (size_t)length;
    size_t whole = (size_t)(out->body - data) + (size_t)length;
    return whole <= size ? (long)whole : 0;
}

const char *answer_header(const struct answer *answer, const char *name) {
    size_t width = strlen(name);
    const char *end = answer->head + answer->head_size;
    for (const char *line = answer->head; line + width < end;) {
        if (strncasecmp(line, name, width) == 0) {
            line += width;
            while (*line == ' ') line++;
            return line;
        }
        line = (const char *)memchr(line, '\n', (size_t)(end - line)) + 1;
    }
    return NULL;
}
