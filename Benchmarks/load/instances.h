// Instances that poll as injectors do, and what is timed about them.
#pragma once

#include "load.h"

struct instance {
    struct link link;   // first: what is told of a link is told of its instance
    int64_t version;    // what it holds and names; 0: nothing yet
    int64_t due;        // when it asks again, or connects again; 0: it waits for an answer
    int target;
    bool connecting;
    bool served;        // herd: has had an answer that it may trust
    uint32_t shot;      // the last shot that it saw a change in
};

/// What came in, since it was last set to zero.
struct arrivals {
    long changed, renewed;  // another version; the same again
    long degraded, refused; // an answer without a version; a status other than 200 and 304
    long lowered;           // a version below one that it holds, which it passes over
    long reconnected;
};

/// A request that changes something, and what the instances see of it.
struct shot {
    uint32_t number;
    int64_t at;
    int target;             // whose instances must see it; -1: everybody
    long others_changed, others_renewed, again;
    struct histogram visible, confirmed; // its answer read; its next poll, which names the new version, sent
    struct link link;
    int64_t answered_at;
    int status;
    char *body;
};

struct herd {
    int64_t at;
    long served;
    struct bytes request;   // asked until the first answer that may be trusted
    struct histogram answered, trusted;
};

struct fleet {
    const struct options *options;
    const char *host;
    int port;
    struct instance *all;
    int epoll;
    long sleeping;          // that ask or connect again later
    int64_t looked_at;      // when the sleeping were last looked through
    struct tally tally;
    struct arrivals arrivals;
    struct shot *shot;      // NULL when nothing is fired
    struct herd *herd;
    char line[512];         // of the command being read
    size_t line_size;
    bool ended;             // nobody is left to command
};

// -- instances (instances.c)

void instance_connect(struct fleet *fleet, struct instance *instance);
void instance_drop(struct fleet *fleet, struct instance *instance);
/// Handles what has come; waits a little for it, or not at all.
void fleet_turn(struct fleet *fleet, bool waits);
/// Connects everybody, and serves those who are connected meanwhile.
void fleet_connect(struct fleet *fleet);
/// Whether every instance has a version and waits for the next.
bool fleet_waits(const struct fleet *fleet);
void arrivals_print(const struct arrivals *arrivals);

// -- commands (commands.c); those that time something are in timing.c

void shot_note(struct fleet *fleet, struct instance *instance, bool changed, int64_t now);
void shot_read(struct fleet *fleet);
void fire(struct fleet *fleet, const char *path, int target, double patience, double linger);
void herd(struct fleet *fleet, int port, const char *path, double patience);
