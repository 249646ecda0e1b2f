#include "tests/support/silent.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include "tests/support/check.h"

enum { PATIENCE_MS = 20000 };

static void listen_at(int *out, uint16_t *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(*port)};
    socklen_t len = sizeof address;
    int yes = 1;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *out = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(*out >= 0);
    setsockopt(*out, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    assert_int_equal(bind(*out, (struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(*out, 4), 0);
    assert_int_equal(getsockname(*out, (struct sockaddr *)&address, &len), 0);
    *port = ntohs(address.sin_port);
}

static void *serve(void *ctx)
{
    silent *s = ctx;
    bool all = true;

    for (int i = 0; i < s->count && all; i++) {
        struct pollfd poller = {.fd = s->listening[i], .events = POLLIN};

        all = poll(&poller, 1, PATIENCE_MS) == 1;
        if (all) {
            s->accepted[i] = accept(s->listening[i], NULL, NULL);
            all = s->accepted[i] >= 0;
        }
    }
    s->met = all;
    for (int i = 0; i < s->count && all; i++) {
        struct pollfd poller = {.fd = s->accepted[i], .events = POLLIN};

        s->met = s->met && poll(&poller, 1, 0) == 0; /* not given up yet */
    }
    for (int i = 0; i < s->count; i++) {
        if (s->accepted[i] >= 0) {
            close(s->accepted[i]);
        }
        close(s->listening[i]);
    }
    return NULL;
}

void silent_start(silent *s, const uint16_t *ports, int count)
{
    *s = (silent){.count = count};
    for (int i = 0; i < count; i++) {
        s->ports[i] = ports == NULL ? 0 : ports[i];
        s->accepted[i] = -1;
        listen_at(&s->listening[i], &s->ports[i]);
    }
    assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

bool silent_finish(silent *s)
{
    pthread_join(s->thread, NULL);
    return s->met;
}
