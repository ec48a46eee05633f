#pragma once
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <malloc.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* glibc hides these behind _GNU_SOURCE, which Swift's importer does not set. */
int accept4(int, struct sockaddr *, socklen_t *, int);
int pipe2(int[2], int);
int pthread_setname_np(pthread_t, const char *);
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);

/* A process as a descriptor: readable when it has ended, child of ours or not. */
static inline int clinux_pidfd_open(pid_t pid) { return (int)syscall(434 /* pidfd_open */, pid, 0); }

/* Sent to the process behind the descriptor, whatever has become of its number. */
static inline int clinux_pidfd_send_signal(int pidfd, int number) {
    return (int)syscall(424 /* pidfd_send_signal */, pidfd, number, NULL, 0);
}

/* open(2) is variadic, which Swift cannot call. */
static inline int clinux_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }

/* epoll's user data as one number: Swift sees the union's members, not the packed struct around it. */
static inline struct epoll_event clinux_event(unsigned int events, unsigned long long data) {
    struct epoll_event event;
    event.events = events;
    event.data.u64 = data;
    return event;
}
static inline unsigned long long clinux_event_data(struct epoll_event event) { return event.data.u64; }
static inline unsigned int clinux_event_mask(struct epoll_event event) { return event.events; }
