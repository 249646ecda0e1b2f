#include "tests/support/tcpsrv.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
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
static bool try_start(tcpsrv *server, const char *database)
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
              database, (char *)NULL);
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

void tcpsrv_start(tcpsrv *server, const char *database)
{
    int tries;

    for (tries = 0; tries < START_TRIES; tries++) {
        *server = (tcpsrv){.socket = -1};
        if (try_start(server, database)) {
            return;
        }
        tcpsrv_kill(server);
    }
    abort();
}

void tcpsrv_start_mute(tcpsrv *server)
{
    *server = (tcpsrv){.socket = -1};
    server->socket = bind_somewhere(&server->port);
    if (listen(server->socket, 16) != 0) {
        abort();
    }
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
