#include "storage/shards.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>

#include "tests/support/check.h"

enum { SERVERS = 5, WAIT_MS = 1500, PATIENCE_MS = 20000 };

/* Servers that accept and say nothing, until all have somebody at once. */
typedef struct silent {
    int listening[SERVERS], accepted[SERVERS];
    uint16_t ports[SERVERS];
    bool met; /* all were connected to at the same time */
} silent;

static void listen_at(int *out, uint16_t *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof address;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *out = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(*out >= 0);
    assert_int_equal(bind(*out, (struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(*out, 4), 0);
    assert_int_equal(getsockname(*out, (struct sockaddr *)&address, &len), 0);
    *port = ntohs(address.sin_port);
}

static void *serve(void *ctx)
{
    silent *s = ctx;
    bool all = true;

    for (int i = 0; i < SERVERS && all; i++) {
        struct pollfd poller = {.fd = s->listening[i], .events = POLLIN};

        all = poll(&poller, 1, PATIENCE_MS) == 1;
        if (all) {
            s->accepted[i] = accept(s->listening[i], NULL, NULL);
            all = s->accepted[i] >= 0;
        }
    }
    s->met = all;
    for (int i = 0; i < SERVERS && all; i++) {
        struct pollfd poller = {.fd = s->accepted[i], .events = POLLIN};

        s->met = s->met && poll(&poller, 1, 0) == 0; /* not given up yet */
    }
    for (int i = 0; i < SERVERS; i++) {
        if (s->accepted[i] >= 0) {
            close(s->accepted[i]);
        }
        close(s->listening[i]);
    }
    return NULL;
}

static void test_shards__silent_servers_are_waited_for_together(void **state)
{
    silent s = {.met = false};
    lede_shards *shards = NULL;
    lede_error err = {0};
    char name[32 * SERVERS] = "tcp:";
    pthread_t thread;

    (void)state;
    for (int i = 0; i < SERVERS; i++) {
        size_t len = strlen(name);

        listen_at(&s.listening[i], &s.ports[i]);
        s.accepted[i] = -1;
        snprintf(name + len, sizeof name - len, "%s127.0.0.1:%u",
                 i == 0 ? "" : ",", (unsigned)s.ports[i]);
    }
    assert_int_equal(pthread_create(&thread, NULL, serve, &s), 0);
    assert_status(lede_shards_open(name, WAIT_MS, &shards, &err), LEDE_IO);
    pthread_join(thread, NULL);
    assert_true(s.met);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shards__silent_servers_are_waited_for_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
