/* tcpsrv.h - shard servers on loopback, the real one and bad ones
 *
 * The real one is xapian-tcpsrv of the package xapian-tools; tests that need it
 * are skipped, with a message, where it is missing. */
#ifndef LEDE_TESTS_SUPPORT_TCPSRV_H
#define LEDE_TESTS_SUPPORT_TCPSRV_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct tcpsrv {
    pid_t pid; /* of its process group; 0: none */
    int socket;
    uint16_t port;
} tcpsrv;

/* False if there is no xapian-tcpsrv, which is said. */
bool tcpsrv_is_there(void);
/* Starts one for a database, and waits until it listens. */
void tcpsrv_start(tcpsrv *server, const char *database);
/* One that hangs up on who has asked nothing for a second. */
void tcpsrv_start_hasty(tcpsrv *server, const char *database);
/* Kills it, and what it forked, with SIGKILL. */
void tcpsrv_kill(tcpsrv *server);

/* A port where connections are accepted (by the kernel) and nobody answers. */
void tcpsrv_start_mute(tcpsrv *server);
/* Stands before a server and passes on what both say, but of what the server
 * says, on each connection, only the first `pieces` (messages, or parts of
 * them): then it is silent, or hangs up. */
void tcpsrv_start_failing(tcpsrv *server, uint16_t real, unsigned pieces,
                          bool hangs_up);
/* A port that nobody listens on. */
uint16_t tcpsrv_free_port(void);

#endif
