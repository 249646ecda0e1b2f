#include "tests/support/tcpsrv.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char program[] = "/usr/bin/xapian-tcpsrv";

enum { START_TRIES = 40, WAIT_TRIES = 500 };

bool tcpsrv_is_there(void)
{
    if (access(program, X_OK) == 0) {
        return true;
    }
    printf("skipped: no %s (Debian package xapian-tools)\n", program);
    return false;
}

static struct sockaddr_in loopback(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(port)};

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/* A socket on a port that the kernel chose. */
static int bind_somewhere(uint16_t *port)
{
    struct sockaddr_in address = loopback(0);
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
        abort();
    }
    *port = ntohs(address.sin_port);
    return fd;
}

uint16_t tcpsrv_free_port(void)
{
    uint16_t port;

    close(bind_somewhere(&port));
    return port;
}

static bool listens(uint16_t port)
{
    struct sockaddr_in address = loopback(port);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool does = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;

    close(fd);
    return does;
}

static void sleep_ms(long ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

/* The port may be taken by another in the meantime: false. */
static bool try_start(tcpsrv *server, const char *database, const char *idle)
{
    char port[8];
    int tries;

    server->port = tcpsrv_free_port();
    snprintf(port, sizeof port, "%u", (unsigned)server->port);
    server->pid = fork();
    if (server->pid < 0) {
        abort();
    }
    if (server->pid == 0) {
        int nowhere = open("/dev/null", O_RDWR);

        prctl(PR_SET_PDEATHSIG, SIGKILL); /* not to outlive a failed test */
        setpgid(0, 0);
        dup2(nowhere, 0);
        dup2(nowhere, 1);
        dup2(nowhere, 2);
        execl(program, program, "--interface", "127.0.0.1", "--port", port,
              "--idle-timeout", idle, database, (char *)NULL);
        _exit(127);
    }
    setpgid(server->pid, server->pid);
    for (tries = 0; tries < WAIT_TRIES; tries++) {
        if (listens(server->port)) {
            return true;
        }
        if (waitpid(server->pid, NULL, WNOHANG) != 0) {
            return false;
        }
        sleep_ms(10);
    }
    return false;
}

static void start(tcpsrv *server, const char *database, const char *idle)
{
    int tries;

    for (tries = 0; tries < START_TRIES; tries++) {
        *server = (tcpsrv){.socket = -1};
        if (try_start(server, database, idle)) {
            return;
        }
        tcpsrv_kill(server);
    }
    abort();
}

void tcpsrv_start(tcpsrv *server, const char *database)
{
    start(server, database, "60000");
}

void tcpsrv_start_hasty(tcpsrv *server, const char *database)
{
    start(server, database, "1000");
}

void tcpsrv_start_mute(tcpsrv *server)
{
    *server = (tcpsrv){.socket = -1};
    server->socket = bind_somewhere(&server->port);
    if (listen(server->socket, 16) != 0) {
        abort();
    }
}

static bool pass_on(int from, int to)
{
    char bytes[1 << 16];
    ssize_t len = read(from, bytes, sizeof bytes);

    return len > 0 && write(to, bytes, (size_t)len) == len;
}

/* One connection, up to its end. */
static void relay(int client, uint16_t real, unsigned pieces, bool hangs_up)
{
    struct sockaddr_in address = loopback(real);
    int server = socket(AF_INET, SOCK_STREAM, 0);
    struct pollfd ends[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};

    if (connect(server, (struct sockaddr *)&address, sizeof address) != 0) {
        return;
    }
    while (poll(ends, 2, -1) > 0) {
        if ((ends[0].revents != 0 && !pass_on(client, server)) ||
            (ends[1].revents != 0 && pieces > 0 && !pass_on(server, client))) {
            return;
        }
        if (ends[1].revents != 0 && pieces > 0 && --pieces == 0) {
            if (hangs_up) {
                return;
            }
            ends[1].fd = -1;
        }
    }
}

void tcpsrv_start_failing(tcpsrv *server, uint16_t real, unsigned pieces,
                          bool hangs_up)
{
    tcpsrv_start_mute(server);
    server->pid = fork();
    if (server->pid < 0) {
        abort();
    }
    if (server->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setpgid(0, 0);
        signal(SIGCHLD, SIG_IGN);
        for (;;) {
            int client = accept(server->socket, NULL, NULL);

            if (client >= 0 && fork() == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                relay(client, real, pieces, hangs_up);
                _exit(0);
            }
            close(client);
        }
    }
    setpgid(server->pid, server->pid);
}

void tcpsrv_kill(tcpsrv *server)
{
    if (server->pid > 0) {
        kill(-server->pid, SIGKILL);
        waitpid(server->pid, NULL, 0);
        server->pid = 0;
    }
    if (server->socket > 0) {
        close(server->socket);
        server->socket = -1;
    }
}
