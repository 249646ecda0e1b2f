/* Any bytes as a file of settings: they are read whole, or refused with the
 * file's name; what is set are texts of UTF-8. */
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "corpus/source_settings.h"
#include "tests/fuzz/demand.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static char path[64];

static void remove_file(void)
{
    (void)unlink(path);
}

static void write_file(const uint8_t *bytes, size_t len)
{
    FILE *file;

    if (path[0] == '\0') {
        (void)snprintf(path, sizeof path, "/tmp/lede-fuzz-settings-%ld",
                       (long)getpid());
        DEMAND(atexit(remove_file) == 0);
    }
    file = fopen(path, "wb");
    DEMAND(file != NULL);
    DEMAND(len == 0 || fwrite(bytes, 1, len, file) == len);
    DEMAND(fclose(file) == 0);
}

static void check_text(const char *text)
{
    lede_span span = lede_span_text(text == NULL ? "" : text);

    DEMAND(text == NULL || span.len > 0);
    DEMAND(lede_utf8_valid_prefix(span) == span.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const char *const documents[] = {"/tmp/a", "/tmp/a/b.html", "/",
                                            "/tmp", "/c/d/e.txt"};
    lede_source_settings *settings = NULL;
    lede_error err = {0};
    lede_status status;
    size_t i;

    write_file(bytes, len);
    status = lede_source_settings_open(path, &settings, &err);
    DEMAND(status == LEDE_OK || status == LEDE_BAD_INPUT);
    DEMAND((status == LEDE_OK) == (settings != NULL));
    DEMAND(status == LEDE_OK || strstr(err.message, path) != NULL);
    DEMAND(settings == NULL || lede_source_settings_are(settings, path));
    for (i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        lede_read_options options = {0};

        lede_source_settings_apply(settings, documents[i], &options);
        check_text(options.default_zone);
        check_text(options.default_language);
        check_text(options.source_name);
        check_text(options.source_home);
    }
    lede_source_settings_close(settings);
    return 0;
}
