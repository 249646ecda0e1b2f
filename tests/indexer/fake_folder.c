#include "tests/indexer/fake_folder.h"

#include "tests/indexer/dump.h"
#include "tests/support/check.h"

static lede_error err;

int fake_folder_setup(void **state)
{
    fake_folder *f = calloc(1, sizeof *f);

    assert_non_null(f);
    f->archive_folder = folder_new();
    f->folder = folder_new();
    f->away = folder_new();
    f->archive = open_archive(f->archive_folder);
    fake_corpus_stop = 0;
    fake_corpus_stop_after = 0;
    fake_corpus_reads = 0;
    *state = f;
    return 0;
}

int fake_folder_teardown(void **state)
{
    fake_folder *f = *state;

    lede_archive_close(f->archive);
    folder_remove(f->archive_folder);
    folder_remove(f->folder);
    folder_remove(f->away);
    free(f);
    return 0;
}

void fake_folder_put(fake_folder *f, const char *name, const char *text)
{
    static long when = 1000000000;
    lede_buf all = {0};

    lede_buf_put_text(&all, "LEDEFAKE\n");
    lede_buf_put_text(&all, text);
    write_file(in_folder(f->folder, name), lede_buf_text(&all));
    set_time(in_folder(f->folder, name), when++);
    lede_buf_done(&all);
}

lede_index_options fake_folder_options(void)
{
    return (lede_index_options){.read.now = 1800000000,
                                .stop = &fake_corpus_stop};
}

void fake_folder_index_with(fake_folder *f, const lede_index_options *options)
{
    const char *path = f->folder;

    assert_ok(
        lede_index_paths(f->archive, &path, 1, options, &f->report, &err));
}

void fake_folder_index(fake_folder *f)
{
    lede_index_options options = fake_folder_options();

    fake_folder_index_with(f, &options);
}

void fake_folder_assert_entries(fake_folder *f, const char *wanted)
{
    lede_buf got = {0}, want = {0};

    dump_entries(f->archive, &got);
    lede_buf_put_text(&want, wanted);
    assert_same_dump(&got, &want);
    lede_buf_done(&got);
    lede_buf_done(&want);
}

void fake_folder_assert_checked(fake_folder *f)
{
    assert_ok(lede_archive_check(f->archive, NULL, &err));
}
